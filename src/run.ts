import { concat } from "./bytes.js";
import type { Sink, Stage } from "./stage.js";

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
      end: () => this.#close("ended"),
    });
  }

  push(chunk: In): void {
    if (this.state !== "open") return;
    const before = this.values.length;
    try {
      this.#sink.push(chunk);
    } catch (error) {
      this.fail(error);
    }
    this.#joinBytes(before);
  }

  end(): void {
    if (this.state !== "open") return;
    const before = this.values.length;
    try {
      this.#sink.end();
    } catch (error) {
      this.fail(error);
    }
    this.#close("ended");
    this.#joinBytes(before);
  }

  /** Ends with an error, of the heart or of its source, behind the values that came before it. */
  fail(error: unknown): void {
    if (this.state === "open") this.error = error;
    this.#close("failed");
  }

  /** Hands over what waits. */
  take(): ArrayIterator<Out> {
    const { values } = this;
    if (values.length > 0) this.values = [];
    return values.values();
  }

  /** Forgets what has not been taken: somebody has cancelled. */
  discard(): void {
    this.values = [];
    this.state = "ended";
  }

  #close(state: "ended" | "failed"): void {
    if (this.state === "open") this.state = state;
  }

  /** Bytes that one chunk gave go on as one chunk: in some runtimes each costs more than all the work in it. */
  #joinBytes(from: number): void {
    const { values } = this;
    if (values.length - from < 2 || !(values[from] instanceof Uint8Array)) return;
    const parts: Uint8Array[] = [];
    for (const value of values.slice(from)) {
      if (!(value instanceof Uint8Array)) return;
      parts.push(value);
    }
    values.length = from;
    values.push(concat(parts) as Out); // Out takes a Uint8Array, as the values show
  }
}
