import type { ReadingOptions } from "./reading-options.js";
import { type Listener, Recogniser } from "./recognise.js";

/** What is wrong with a chunk: found at which index of it, and at which offset to report. */
export interface Problem {
  code: "malformed" | "too-long" | "too-deep";
  index: number;
  at: number;
}

/** Reads text, cut anywhere, that holds exactly one JSON value: blanks may stand before and behind it, nothing else. */
export class OneValue extends Recogniser {
  /** Where the next chunk begins, in the text. */
  offset = 0;
  /** Where the value begins, in the text, or what stands behind it; as long as that has not come, where the next chunk does. */
  began = 0;
  readonly #maxLength: number;

  constructor(listener: Listener, options: Required<ReadingOptions>, maxLength: number = options.maxValueLength) {
    super(options, listener);
    this.#maxLength = maxLength;
  }

  /** Reads on. After a problem nothing more may come. */
  readOn(text: string): Problem | undefined {
    const { offset } = this;
    this.offset += text.length;
    let index = 0;
    if (this.began === offset) this.began += index = this.skipBlank(text, 0);
    // One character past the limit tells whether the value ends at it.
    const limit = this.began - offset + this.#maxLength + 1;
    index = this.read(text.slice(0, limit), index);
    if (index >= limit) return { code: "too-long", index: index - 1, at: this.began };
    let { stop } = this;
    if (stop === "whole") {
      index = this.skipBlank(text, index);
      this.began = offset + index;
      stop = index < text.length ? "malformed" : "more";
    }
    return stop === "more" ? undefined : { code: stop, index, at: offset + index };
  }
}
