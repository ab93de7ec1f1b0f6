import { bufferParse, decode, filterEmpty, flow, type ServerSentEvent, splitLines, splitSSE } from "sluice";

/** How long is waited for what another process brings about. */
export const PATIENCE = { timeout: 15_000, interval: 5 };

/** The chunks of a body, as text. */
export async function chunksOf(body: ReadableStream<Uint8Array> | null): Promise<string[]> {
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  for await (const bytes of body ?? []) chunks.push(decoder.decode(bytes, { stream: true }));
  return chunks;
}

export async function eventsOf(source: Response | readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = [];
  const options = { tail: "discard" } as const; // as the standard has it
  const found = source instanceof Response ? flow(source, decode(), splitSSE(options)) : undefined;
  for await (const event of found ?? flow(source as readonly Uint8Array[], decode(), splitSSE(options))) {
    events.push(event);
  }
  return events;
}

export async function valuesOfLines(response: Response): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of flow(response, decode(), splitLines(), filterEmpty(), bufferParse())) values.push(value);
  return values;
}

/** A stream whose values a test gives when it likes. It counts its cancels. */
export interface Tap<T> {
  stream: ReadableStream<T>;
  give: (...values: T[]) => void;
  end: () => void;
  fail: (error: unknown) => void;
  cancels: unknown[];
}

export function tapped<T>(): Tap<T> {
  let controller: ReadableStreamDefaultController<T>;
  const cancels: unknown[] = [];
  const stream = new ReadableStream<T>({
    start(given) {
      controller = given;
    },
    cancel(reason) {
      cancels.push(reason);
    },
  });
  return {
    stream,
    cancels,
    give(...values) {
      for (const value of values) controller.enqueue(value);
    },
    end: () => controller.close(),
    fail: (error) => controller.error(error),
  };
}
