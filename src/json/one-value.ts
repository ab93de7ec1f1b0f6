import { type Listener, Recogniser, type RecogniserOptions } from "./recognise.js";

/** What is wrong with a chunk, and at which index of it. */
export interface Problem {
  code: "malformed" | "too-long" | "too-deep";
  index: number;
}

/** Reads text, cut anywhere, that holds exactly one JSON value: blanks may stand before and behind it, nothing else. */
export class OneValue {
  /** Where the chunk read last begins, in the text. */
  offset = 0;
  /** Where the value begins, in the text. */
  began = 0;
  /** Where in the chunk it begins or goes on, and up to where it has been read. */
  start = 0;
  end = 0;
  /** How many characters of the value have been read. */
  length = 0;
  /** Whether it is whole; a number at the top level is not before something follows. */
  isWhole = false;
  readonly #recogniser: Recogniser;
  readonly #maxLength: number;
  #next = 0; // the offset of the next chunk

  constructor(listener: Listener, options: RecogniserOptions, maxLength: number = Number.POSITIVE_INFINITY) {
    this.#recogniser = new Recogniser(options, listener);
    this.#maxLength = maxLength;
  }

  /** Whether a string so far holds raw control characters, which JSON.parse would refuse. */
  get hasControls(): boolean {
    return this.#recogniser.hasControls;
  }

  /** Reads on. After a problem nothing more may come. */
  read(text: string): Problem | undefined {
    this.offset = this.#next;
    this.#next += text.length;
    this.start = this.end = this.length > 0 ? 0 : this.#recogniser.skipBlank(text, 0);
    if (!this.isWhole && this.start < text.length) {
      if (this.length === 0) this.began = this.offset + this.start;
      // One character past the limit tells whether the value ends at it.
      const limit = this.start + this.#maxLength + 1 - this.length;
      this.end = this.#recogniser.read(text.slice(0, limit), this.start);
      this.length += this.end - this.start;
      if (this.length > this.#maxLength) return { code: "too-long", index: this.end - 1 };
      const { stop } = this.#recogniser;
      if (stop === "malformed" || stop === "too-deep") return { code: stop, index: this.end };
      this.isWhole = stop === "whole";
    }
    if (!this.isWhole) return;
    const index = this.#recogniser.skipBlank(text, this.end);
    if (index < text.length) return { code: "malformed", index };
    return;
  }

  /** Nothing more comes. @returns whether the value is whole */
  finish(): boolean {
    this.offset = this.#next;
    if (this.length === 0) this.began = this.offset;
    this.isWhole ||= this.#recogniser.finish();
    return this.isWhole;
  }
}
