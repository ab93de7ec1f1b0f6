import { concat } from "./bytes.js";
import type { Sink, Stage } from "./stage.js";

/**
 * How many values go into a stream's own queue at once. Native queues are not made for many: taking one out of Node 20's costs
 * time in proportion to their number.
 */
export const BATCH_LENGTH = 256;

/**
 * A heart at work behind a face. It never throws: what the heart gave waits in `values`, and behind that how it ended, so
 * that a face can deliver all of it in order.
 */
export class Run<In, Out> {
  /** What the heart gave and the face has not taken yet. */
  values: Out[] = [];
  state: "open" | "ended" | "failed" = "open";
  /** What was thrown, once `state` is `"failed"`. */
  error: unknown;
  readonly #sink: Sink<In>;

  constructor(stage: Stage<In, Out>) {
    this.#sink = stage.connect({
      push: (value) => {
        if (this.state === "open") this.values.push(value);
      },
      end: () => {
        this.state = "ended";
      },
    });
  }

  push(chunk: In): void {
    this.#enter(() => this.#sink.push(chunk));
  }

  end(): void {
    this.#enter(() => {
      this.#sink.end();
      this.state = "ended";
    });
  }

  /** Ends with an error, of the heart or of its source, behind the values that came before it. */
  fail(error: unknown): void {
    if (this.state !== "open") return;
    this.state = "failed";
    this.error = error;
  }

  /** Hands over what waits. */
  take(): ArrayIterator<Out> {
    const { values } = this;
    this.values = [];
    return values.values();
  }

  /** Forgets what has not been taken: somebody has cancelled. */
  discard(): void {
    this.values = [];
    this.state = "ended";
  }

  #enter(call: () => void): void {
    if (this.state !== "open") return;
    try {
      call();
    } catch (error) {
      this.fail(error);
    }
    // Bytes that one chunk gave go on as one chunk: in some runtimes each costs more than all the work in it.
    const { values } = this;
    if (values.length < 2 || !values.every((value) => value instanceof Uint8Array)) return;
    this.values = [concat(values) as Out]; // Out takes a Uint8Array, as the values show
  }
}
