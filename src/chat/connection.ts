import { kindOf } from "../errors.js";
import { isObject, open, type Read, type Reader } from "../source.js";

/** How long a connection may take to end by itself once the answer is whole, so that it can be used again. */
const MOMENT = 50;
/** And how many chunks it may still send: one that never waits would leave no time to anybody. */
const MOMENT_READS = 8;

const ignore = (): void => undefined;

/** The source of an answer. It is told once that nobody reads on, unless it has ended by itself. */
export class Connection {
  /** Settled once the connection of a whole answer has ended, or had its moment. */
  drained: Promise<void> | undefined;
  /** Settled once the source has done what it does when it is cancelled, which may be never. */
  cancelled: Promise<void> | undefined;
  #source: Reader<unknown> | undefined;
  #onClosed: () => void = ignore;

  /** Claims a source. @throws TypeError when it is none, or locked or used */
  open(source: unknown): void {
    this.#source = open(source);
  }

  get isOpen(): boolean {
    return this.#source !== undefined;
  }

  async read(): Promise<Read<unknown>> {
    const result = (await this.#source?.read()) ?? { done: true, value: undefined };
    if (isObject(result)) return result;
    throw new TypeError(`The source's iterator gave ${kindOf(result)}, no result`);
  }

  cancel(reason: unknown): void {
    const source = this.#source;
    if (source === undefined) return;
    this.#source = undefined;
    this.#onClosed();
    this.cancelled = source.cancel(reason).catch(ignore);
  }

  /** Lets go of a source that has ended or failed by itself. */
  release(): void {
    this.#source?.release();
    this.#source = undefined;
    this.#onClosed();
  }

  /** The answer is whole: the connection gets a moment to end by itself. */
  drain(): void {
    if (!this.isOpen) return;
    this.drained = new Promise((resolve) => {
      const timer = setTimeout(() => this.cancel(undefined), MOMENT);
      this.#onClosed = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#readOn(MOMENT_READS);
    });
  }

  #readOn(reads: number): void {
    this.read().then(
      ({ done }) => {
        if (!this.isOpen) return; // cancelled meanwhile
        if (done) this.release();
        else if (reads === 0) this.cancel(undefined);
        else this.#readOn(reads - 1);
      },
      () => this.release(),
    );
  }
}
