import { BROKEN } from "../about.ts";

/** A comment: every reader of events skips it. */
const HEARTBEAT = encoded(": keep-alive\n\n");

/** An error as OpenAI writes it, in an event of its own. */
const BROKEN_EVENT = `data: ${JSON.stringify({ error: { message: "The connection to the provider broke", code: BROKEN } })}\n\n`;

/**
 * Passes a body of server-sent events on as it comes, byte for byte, and adds only what has to be said between events:
 *
 * - a comment whenever there has been nothing for `interval` milliseconds. It keeps proxies from giving up, and it is how
 *   workerd finds out that the page has gone: a closed connection shows itself only when something is written to it.
 * - an error event when the source breaks. A stream that fails is not enough: workerd ends the body of such a response as
 *   cleanly as that of any other.
 *
 * A timer exists only while a read waits.
 */
export function passOn(source: ReadableStream<Uint8Array>, interval: number): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const events = new EventBoundary();
  let reading: ReturnType<typeof reader.read> | undefined;

  return new ReadableStream(
    {
      async pull(controller) {
        try {
          reading ??= reader.read();
          const result = await (events.isBetween ? within(interval, reading) : reading);
          if (result === undefined) return controller.enqueue(HEARTBEAT);
          reading = undefined;
          if (result.done) return controller.close();
          events.see(result.value);
          controller.enqueue(result.value);
        } catch {
          controller.enqueue(encoded(events.isBetween ? BROKEN_EVENT : `\n\n${BROKEN_EVENT}`));
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const LF = 0x0a;
const CR = 0x0d;

/** Tells from the last bytes whether a body of events stands between two of them: behind an empty line. */
class EventBoundary {
  isBetween = true;
  #isLineStart = true;
  #isAfterCR = false;

  see(chunk: Uint8Array): void {
    for (const byte of chunk.subarray(-4)) {
      if (byte === LF && this.#isAfterCR) {
        this.#isAfterCR = false; // the second half of a line end
        continue;
      }
      this.#isAfterCR = byte === CR;
      const endsLine = byte === LF || byte === CR;
      this.isBetween = endsLine && this.#isLineStart;
      this.#isLineStart = endsLine;
    }
  }
}

/** What the promise resolves to, or undefined when it takes longer. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
