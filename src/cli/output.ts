import { once } from "node:events";
import { setImmediate } from "node:timers";

/** How many characters are gathered before they are written, even if more are at hand. */
const BATCH = 64 * 1024;

/**
 * Standard output for many small texts: what comes in one turn of the event loop is written at once, so that nothing waits
 * for what has not come yet, and no system call is spent on a word.
 */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  readonly #signal: AbortSignal;
  #waiting = "";
  #isScheduled = false;
  /** Pending while the reader has not taken what was written. */
  #drained: Promise<void> | undefined;

  /** @param signal when it is aborted, nothing is written before `flush` */
  constructor(stream: NodeJS.WritableStream, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
  }

  /** Takes text. Await what it returns when it returns a promise: the reader is slower than what is written. */
  write(text: string): Promise<void> | undefined {
    this.#waiting += text;
    if (this.#waiting.length >= BATCH) this.#push();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#push();
      });
    }
    return this.#drained;
  }

  /** Resolves when all that was written has left the process, also behind an abort: what had come is not lost. */
  async flush(): Promise<void> {
    await this.#drained;
    const text = this.#waiting;
    this.#waiting = "";
    await new Promise<void>((resolve) => this.#stream.write(text, () => resolve()));
  }

  #push(): void {
    if (this.#drained !== undefined || this.#waiting === "" || this.#signal.aborted) return; // what waits is flushed
    const text = this.#waiting;
    this.#waiting = "";
    if (this.#stream.write(text)) return;
    const onDrained = (): void => {
      this.#drained = undefined;
      this.#push(); // what came meanwhile
    };
    this.#drained = once(this.#stream, "drain", { signal: this.#signal }).then(onDrained, onDrained);
  }
}

/** Whether an error says that the reader of our output has gone. */
export function isClosedPipe(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED";
}
