import { type ChatOptions, chat, type Delta, type EndDelta, type Message } from "sluice/chat";

export { chat };

/** An event whose data is JSON. */
export function event(value: unknown, name?: string): string {
  return `${name === undefined ? "" : `event: ${name}\n`}data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
}

export const DONE = "data: [DONE]\n\n";

/** A chunk of a chat completion. */
export function chunk(delta: object | undefined, more: object = {}, choice: object = {}): string {
  return event({ id: "c1", model: "m", choices: [{ index: 0, ...(delta && { delta }), ...choice }], ...more });
}

/** A chunk with a finish reason. */
export function stop(reason = "stop", more: object = {}): string {
  return chunk({}, more, { finish_reason: reason });
}

export function response(body: BodyInit | null, contentType = "text/event-stream", status = 200): Response {
  return new Response(body, { status, headers: { "content-type": contentType } });
}

/** Every delta of an answer. */
export async function deltasOf(source: Parameters<typeof chat>[0], options?: ChatOptions): Promise<Delta[]> {
  const deltas: Delta[] = [];
  for await (const delta of chat(source, options)) deltas.push(delta);
  return deltas;
}

export function messageOf(source: Parameters<typeof chat>[0], options?: ChatOptions): Promise<Message> {
  return chat(source, options).message();
}

/** The last delta, after checking that it is the only end. */
export function endOf(deltas: readonly Delta[]): EndDelta {
  const ends = deltas.filter((delta) => delta.type === "end");
  const [end] = ends;
  if (end?.type !== "end" || ends.length !== 1 || deltas.at(-1) !== end) {
    throw new Error(`Exactly one end, last, was expected; got ${JSON.stringify(deltas)}`);
  }
  return end;
}

export function ofType<T extends Delta["type"]>(deltas: readonly Delta[], type: T): Extract<Delta, { type: T }>[] {
  return deltas.filter((delta): delta is Extract<Delta, { type: T }> => delta.type === type);
}

/** Deltas in which neighbouring pieces of the same text are one, so that those of different cuts can be compared. */
export function joined(deltas: readonly Delta[]): unknown[] {
  const all: Record<string, unknown>[] = [];
  for (const delta of deltas) {
    const { cause: _, ...plain } = delta as Delta & { cause?: unknown };
    const last = all.at(-1);
    if ("text" in plain && last?.["type"] === plain.type && last["choice"] === plain.choice) last["text"] += plain.text;
    else all.push({ ...plain });
  }
  return all;
}

/** A stream that gives these chunks, one for each read, and then ends, fails or stays open; it counts its cancels. */
export function source(
  chunks: readonly (string | Uint8Array)[],
  end: { fails?: unknown; hangs?: boolean } = {},
): { stream: ReadableStream<Uint8Array>; cancels: unknown[]; pulls: number } {
  const rest = chunks.map((each) => (typeof each === "string" ? new TextEncoder().encode(each) : each));
  const counted = {
    cancels: [] as unknown[],
    pulls: 0,
    stream: new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          counted.pulls++;
          const next = rest.shift();
          if (next !== undefined) controller.enqueue(next);
          else if ("fails" in end) controller.error(end.fails);
          else if (end.hangs === true) return new Promise<void>(() => {});
          else controller.close();
          return;
        },
        cancel(reason) {
          counted.cancels.push(reason);
        },
      },
      { highWaterMark: 0 },
    ),
  };
  return counted;
}

/** Bytes cut into pieces of one size. */
export function cut(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
  return pieces;
}

/** Bytes cut at random places, the same for the same seed. */
export function cutAtRandom(bytes: Uint8Array, seed: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let state = seed;
  for (let at = 0; at < bytes.length; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const size = (state >>> 16) % 40;
    pieces.push(bytes.slice(at, at + size));
    at += size;
  }
  return pieces;
}

export function bytesOf(text: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof text === "string" ? new TextEncoder().encode(text) : new Uint8Array(text);
}

/** One array with the bytes of all. */
export function concat(parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map(bytesOf);
  const all = new Uint8Array(bytes.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of bytes) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
