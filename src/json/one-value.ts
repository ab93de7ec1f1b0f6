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
  /** Where the value begins, in the text; as long as it has not begun, where the next chunk does. */
  began = 0;
  readonly #recogniser: Recogniser;
  readonly #maxLength: number;
  #next = 0; // the offset of the next chunk
  /** Whether it is whole; a number at the top level is not before something follows. */
  #isWhole = false;

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
    let index = 0;
    if (this.began === this.offset) {
      index = this.#recogniser.skipBlank(text, 0);
      this.began += index;
      if (index === text.length) return;
    }
    if (!this.#isWhole) {
      // One character past the limit tells whether the value ends at it.
      const limit = this.began - this.offset + this.#maxLength + 1;
      index = this.#recogniser.read(text.slice(0, limit), index);
      if (index >= limit) return { code: "too-long", index: index - 1 };
      const { stop } = this.#recogniser;
      if (stop === "malformed" || stop === "too-deep") return { code: stop, index };
      if (stop === "more") return;
      this.#isWhole = true;
    }
    index = this.#recogniser.skipBlank(text, index);
    return index < text.length ? { code: "malformed", index } : undefined;
  }

  /** Nothing more comes. @returns whether the value is whole */
  finish(): boolean {
    this.offset = this.#next;
    return this.#isWhole || this.#recogniser.finish();
  }
}
