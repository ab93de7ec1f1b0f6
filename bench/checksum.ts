/**
 * What a contender read, reduced to a number while it reads: cheap enough for timed runs, and enough to keep an engine
 * from dropping work nobody looks at. The strong checksum of the verification pass is what proves the values.
 */
export class Tally {
  count = 0;
  sum = 0;

  readonly add = (value: unknown): void => {
    this.count++;
    // The number of keys depends on the whole value having been built, and reading it costs the same for every contender.
    this.sum = (Math.imul(this.sum, 31) + size(value)) | 0;
  };

  toString(): string {
    return `${this.count}:${this.sum >>> 0}`;
  }
}

function size(value: unknown): number {
  let keys = 0;
  for (const key in value as object) keys += key.length;

  return keys;
}

/** 64 bits over the JSON text of every value, in order. A contender that loses, adds, reorders or alters one value differs. */
export class Digest {
  #count = 0;
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  readonly add = (value: unknown): void => {
    this.#count++;
    const text = `${JSON.stringify(value)}\n`;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      this.#high = Math.imul(this.#high ^ unit, 2654435761);
      this.#low = Math.imul(this.#low ^ unit, 1597334677);
    }
  };

  toString(): string {
    // Multiplication carries only upwards: the last shifts bring the high bits, where all input meets, into every digit.
    const high =
      Math.imul(this.#high ^ (this.#high >>> 16), 2246822507) ^ Math.imul(this.#low ^ (this.#low >>> 13), 3266489909);
    const low = Math.imul(this.#low ^ (this.#low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);

    return `${this.#count}:${hex(high)}${hex(low)}`;
  }
}

/** The same of a text that comes in pieces: where it was cut says nothing about the answer. */
export class Joined {
  #text = "";

  readonly add = (piece: unknown): void => {
    this.#text += piece;
  };

  toString(): string {
    const digest = new Digest();
    digest.add(this.#text);

    return `${digest}`;
  }
}

/** What a `Tally` is to a `Digest`: enough for timed runs. */
export class Length {
  #length = 0;

  readonly add = (piece: unknown): void => {
    this.#length += `${piece}`.length;
  };

  toString(): string {
    return `${this.#length}`;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
