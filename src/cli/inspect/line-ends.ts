const LF = 0x0a;
const CR = 0x0d;

/** Counts the line ends of a body, whatever its cuts. */
export class LineEnds {
  #lf = 0; // without those of a pair
  #crlf = 0;
  #cr = 0; // with those of a pair
  #isAfterCR = false;

  push(bytes: Uint8Array): void {
    for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) this.#cr += 1;
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) {
      if (at === 0 ? this.#isAfterCR : bytes[at - 1] === CR) this.#crlf += 1;
      else this.#lf += 1;
    }
    if (bytes.length > 0) this.#isAfterCR = bytes.at(-1) === CR;
  }

  get counts(): { lf: number; crlf: number; cr: number } {
    return { lf: this.#lf, crlf: this.#crlf, cr: this.#cr - this.#crlf };
  }
}
