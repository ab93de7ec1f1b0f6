import { Recogniser } from "./recognise.js";

/** What can be wrong with a value before the text ends. */
export type Problem = "malformed" | "too-long" | "too-deep";

/** Reads text, cut anywhere, that holds exactly one JSON value: blanks may stand before and behind it, nothing else. */
export class OneValue extends Recogniser {
  /** Up to where the text has been read: the offset of the next chunk, or of the character that is wrong. */
  offset = 0;
  /** Where the value begins, in the text, or what stands behind it; as long as that has not come, where the next chunk does. */
  began = 0;
  /** Whether the value has ended; a number only does where something else begins. */
  isWhole = false;

  /** Reads on. @returns what is wrong, after which nothing more may come */
  readOn(text: string): Problem | undefined {
    const { offset } = this;
    let index = 0;
    if (this.began === offset) this.began += index = this.skipBlank(text, 0);
    // One character past the limit tells whether the value ends at it.
    const limit = this.began - offset + this.options.maxValueLength + 1;
    index = this.read(text.slice(0, limit), index);
    if (index >= limit) {
      this.offset += index - 1;
      return "too-long";
    }
    let { stop } = this;
    if (stop === "whole") {
      this.isWhole = true;
      index = this.skipBlank(text, index);
      this.began = offset + index;
      stop = index < text.length ? "malformed" : "more";
    }
    this.offset += index;
    return stop === "more" ? undefined : stop;
  }
}
