import { settled } from "../support/sources.ts";
import type { Host } from "./suite.ts";

// What a runtime has, lacks and does its own way, asked of the runtime itself. sluice depends on none of it; docs/runtimes.md
// is made of the answers.

/** The answer to each question, in a word or two. */
export type Probes = Readonly<Record<string, string>>;

type Probe = (host: Host) => string | Promise<string>;

const there = (has: boolean): string => (has ? "yes" : "–");
const global = globalThis as unknown as Record<string, unknown>;

/** Whether a global is there: by itself, or only because the application brings it. */
function globalProbe(name: string): Probe {
  return () => {
    const polyfilled = global["polyfilled"];
    const isBrought = Array.isArray(polyfilled) && polyfilled.includes(name);
    return isBrought && name in global ? "polyfill" : there(name in global);
  };
}

const never = (): Promise<void> => new Promise(() => undefined);

/** What is there. */
export const features: Readonly<Record<string, Probe>> = {
  "`ReadableStream`": globalProbe("ReadableStream"),
  "`for await` over a stream": () => there(Symbol.asyncIterator in ReadableStream.prototype),
  "`ReadableStream.from`": () => there("from" in ReadableStream),
  "byte streams": () => {
    try {
      return there(new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" }) !== undefined);
    } catch {
      return "–";
    }
  },
  "`transformer.cancel`": async () => {
    let isCalled = false;
    const transformer = {
      cancel() {
        isCalled = true;
      },
    };
    await new TransformStream(transformer as Transformer).readable.cancel();
    return there(isCalled);
  },
  "`TextDecoder`": globalProbe("TextDecoder"),
  "`TextDecoderStream`": globalProbe("TextDecoderStream"),
  "`AbortController`": globalProbe("AbortController"),
  "`signal.reason`": () => there("reason" in new AbortController().signal),
  "`AbortSignal.any`": () => there("any" in AbortSignal),
  "`Response` with a body stream": () => there(typeof Response === "function" && "body" in Response.prototype),
  "`crypto.randomUUID`": () => there(typeof crypto === "object" && "randomUUID" in crypto),
  "`await using` (`Symbol.asyncDispose`)": () => there(typeof Symbol.asyncDispose === "symbol"),
  "`Promise.withResolvers`": () => there("withResolvers" in Promise),
};

/** What is done in a way that nobody would expect, or that the standard does not have. */
export const ways: Readonly<Record<string, Probe>> = {
  "`TextDecoder` drops a second byte order mark behind a cut one": () => {
    const decoder = new TextDecoder();
    const parts = [[0xef], [0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x61]].map((part) => new Uint8Array(part));
    const text = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
    return text === "\ufeffa" ? "–" : "yes";
  },
  "`TransformStream` loses what was written before an error": async () => {
    const transform = new TransformStream<number, number>(
      {
        transform(value, controller) {
          controller.enqueue(value);
          controller.enqueue(value);
          throw new RangeError("behind them");
        },
      },
      undefined,
      { highWaterMark: 4 },
    );
    const writing = transform.writable.getWriter();
    writing.closed.catch(() => undefined);
    writing.write(1).catch(() => undefined);
    await settled(2);
    const first = await transform.readable
      .getReader()
      .read()
      .catch(() => undefined);
    return first === undefined ? "yes" : "–";
  },
  "`pipeTo({ signal })` hangs when it is aborted while its source is idle": async () => {
    const controller = new AbortController();
    const idle = new ReadableStream({ pull: never }, { highWaterMark: 0 });
    const piping = idle.pipeTo(new WritableStream(), { signal: controller.signal }).then(
      () => "–",
      () => "–",
    );
    await settled(1);
    controller.abort(new RangeError("enough"));
    return Promise.race([piping, settled(50).then(() => "yes")]);
  },
  "chained `pipeThrough` leaves a rejection to nobody": async ({ unhandled }) => {
    if (unhandled === undefined) return "?";
    const source = new ReadableStream<number>(
      {
        pull(controller) {
          if (isFirst) controller.enqueue(1);
          else controller.error(new RangeError("reset"));
          isFirst = false;
        },
      },
      { highWaterMark: 0 },
    );
    let isFirst = true;
    const ending = new TransformStream<number, number>({
      transform(value, controller) {
        controller.enqueue(value);
        controller.terminate();
      },
    });
    const through = (stream: ReadableStream<number>): ReadableStream<number> =>
      stream.pipeThrough(new TransformStream<number, number>());
    const reader = through(through(through(source)))
      .pipeThrough(ending)
      .getReader();
    try {
      while (!(await reader.read()).done);
    } catch {
      // the reset, where it comes first
    }
    await settled(5);
    return unhandled.splice(0).length > 0 ? "yes" : "–";
  },
};

/** Asks a runtime everything; what it cannot answer says why. */
export async function probe(host: Host): Promise<Probes> {
  const answers: Record<string, string> = {};
  for (const [question, ask] of Object.entries({ ...features, ...ways })) {
    try {
      answers[question] = await ask(host);
    } catch (error) {
      answers[question] = error instanceof Error ? error.name : "?";
    }
  }
  return answers;
}

/**
 * What a runtime is known to leave unhandled with its own streams alone, so that it is no fault of sluice's: the error of a
 * source that breaks while stages behind it end.
 */
export function excuses(probes: Probes): (where: string, reason: unknown) => boolean {
  const isKnown = probes["chained `pipeThrough` leaves a rejection to nobody"] === "yes";
  return (where, reason) =>
    isKnown && where.includes("of a connection that breaks") && String(reason).endsWith("reset");
}
