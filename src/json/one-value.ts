import type { ReadingOptions } from "./reading-options.js";
import { type Listener, Recogniser } from "./recognise.js";

/** Reads text, cut anywhere, that holds exactly one JSON value: blanks may stand before and behind it, nothing else. */
export class OneValue extends Recogniser {
  /** Where the chunk read last begins, in the text. */
  offset = 0;
  /** Where the value begins, in the text; as long as it has not begun, where the next chunk does. */
  began = 0;
  #next = 0; // the offset of the next chunk
  #maxLength: number;

  constructor(listener: Listener, options: Required<ReadingOptions>, maxLength: number = options.maxValueLength) {
    super(options, listener);
    this.#maxLength = maxLength;
  }

  /** Reads on. @returns the index up to which all is well: unless `stop` is `"more"`, nothing more may come */
  readOn(text: string): number {
    this.offset = this.#next;
    this.#next += text.length;
    let index = 0;
    if (this.began === this.offset) this.began += index = this.skipBlank(text, 0);
    // One character past the limit tells whether the value ends at it.
    const limit = this.began - this.offset + this.#maxLength + 1;
    index = this.read(text.slice(0, limit), index);
    if (index >= limit) {
      this.stop = "too-long";
      return index - 1;
    }
    if (this.stop === "whole") {
      this.#maxLength = Number.POSITIVE_INFINITY; // for the blanks
      index = this.skipBlank(text, index);
      this.stop = index < text.length ? "malformed" : "more";
    }
    return index;
  }

  override finish(): boolean {
    this.offset = this.#next;
    return super.finish();
  }
}
