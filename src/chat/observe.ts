import type { Bytes } from "../bytes.js";
import { checkFunction } from "../options.js";
import type { Delta } from "./delta.js";
import type { Dialect } from "./dialect.js";
import { assemble, type Message } from "./message.js";
import { type Reading, type ReadOptions, readAnswer } from "./reading.js";

/** Options of `observe`. */
export interface ObserveOptions extends ReadOptions {
  /** Gets the answer once it is over, however it ended: also when the client or the provider left. */
  onMessage?: (message: Message) => void;
  /** Gets each delta when its bytes have passed. */
  onDelta?: (delta: Delta) => void;
  /** What the body is said to be, as in its `content-type`. */
  contentType?: string | null;
  /** The HTTP status of the response. */
  status?: number;
}

/** The two ends of an observed stream, for `pipeThrough`. */
export interface Observed {
  readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  writable: WritableStream<Bytes>;
}

/** `observe` for a choice of dialects, as `chatIn`. */
export function observeIn(...dialects: readonly [Dialect, ...Dialect[]]): (options: ObserveOptions) => Observed {
  return ({ onMessage, onDelta, contentType, status = 200, ...options }) => {
    for (const [name, value] of Object.entries({ onMessage, onDelta }))
      if (value !== undefined) checkFunction(name, value);
    const assembly = onMessage && assemble(); // else nothing of the answer is kept
    const reading = readAnswer(dialects, options, (delta) => {
      assembly?.add(delta);
      tell(onDelta, delta);
      if (assembly && delta.type === "end") tell(onMessage, assembly.message());
    });
    reading.expect(contentType ?? "", status);
    return passThrough(reading);
  };
}

/** What an observer throws is reported, as from an event listener, and does not disturb what passes. */
function tell<T>(listener: ((value: T) => void) | undefined, value: T): void {
  try {
    listener?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** A pair that passes each chunk on unchanged when it is asked for, and shows it to `reading` on the way. */
function passThrough(reading: Reading): Observed {
  let output: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let input: WritableStreamDefaultController;
  let wake: (() => void) | undefined;
  let isWanted = false;

  const readable = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        output = controller;
      },
      pull() {
        isWanted = true;
        wake?.();
      },
      cancel(reason) {
        reading.stop("aborted", reason);
        input.error(reason);
        wake?.();
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Bytes>({
    start(controller) {
      input = controller;
      // A write that waits for its reader holds back `abort`, but not the signal.
      controller.signal?.addEventListener("abort", () => wake?.());
    },
    async write(chunk) {
      if (!isWanted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (!isWanted) return; // somebody left
      isWanted = false;
      output.enqueue(chunk as Uint8Array<ArrayBuffer>); // the very chunk, whatever it is
      reading.push(chunk);
    },
    close() {
      reading.end();
      output.close();
    },
    abort(reason) {
      reading.fail(reason);
      output.error(reason);
    },
  });
  return { readable, writable };
}
