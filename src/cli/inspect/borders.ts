import { concat } from "../../bytes.js";
import { completeLength } from "../../text/utf8.js";

/**
 * What a border between two chunks cuts: a character, a CR from its LF, a value, a line, or a frame between two of its lines.
 * Where several are true it is the first of these.
 */
export type Cut = "character" | "line-end" | "value" | "line" | "frame";

/** Follows the frames of a framing as far as telling whether a border lies inside of one. */
interface Frames {
  /** What a border here cuts, if `next` is the first byte behind it. */
  cutAt: (next: number) => Cut | undefined;
  push: (bytes: Uint8Array) => void;
}

const LF = 0x0a;
const CR = 0x0d;
const NONE: Uint8Array = new Uint8Array(0);

/**
 * Says of each chunk what the border in front of it cuts. It looks for line ends and counts; what the frames mean, it doesn't
 * know.
 *
 * @param framing the name of a framing of `sluice/chat`; of any other only characters are told
 */
export class Borders {
  readonly #frames: Frames | undefined;
  #rest = NONE; // of a character that is not whole
  #last: number | undefined;

  constructor(framing: string | undefined) {
    if (framing === "sse" || framing === "sse-text") this.#frames = new Lines(isInEventValue);
    else if (framing === "lines") this.#frames = new Lines(() => true);
    else if (framing === "json-array") this.#frames = new Elements();
    else if (framing === "aws-event-stream") this.#frames = new Prefixed();
  }

  /** Takes the next chunk. @returns what the border in front of it cuts; nothing of the first chunk, and of an empty one */
  push(bytes: Uint8Array): Cut | undefined {
    const [first] = bytes;
    if (first === undefined) return undefined;
    const cut = this.#last === undefined ? undefined : this.#cutAt(this.#last, first);
    const open = this.#rest.length === 0 ? bytes.subarray(-4) : concat([this.#rest, bytes]).subarray(-4);
    const whole = completeLength(open);
    this.#rest = whole === open.length ? NONE : open.slice(whole);
    this.#last = bytes.at(-1);
    this.#frames?.push(bytes);
    return cut;
  }

  #cutAt(last: number, next: number): Cut | undefined {
    if (!(this.#frames instanceof Prefixed)) {
      if (this.#rest.length > 0) return "character";
      if (last === CR && next === LF) return "line-end";
    }
    return this.#frames?.cutAt(next);
  }
}

/** How much of a line is kept: enough for `data: ` and the beginning of a value. */
const HEAD = 8;

/** Events of an event stream, which an empty line ends; and lines that are frames by themselves. */
class Lines implements Frames {
  readonly #isValue: (head: string) => boolean;
  #head = ""; // the beginning of the line in progress
  #isOpen = false; // a line that is not empty has come, and no empty one since
  #last = LF; // as if an empty line came before the first
  #beforeLast = LF;

  constructor(isValue: (head: string) => boolean) {
    this.#isValue = isValue;
  }

  cutAt(next: number): Cut | undefined {
    if (this.#head !== "" && this.#isValue(this.#head)) return isLineEnd(next) ? "line" : "value";
    if (this.#head !== "") return "line";
    return this.#isOpen && this.#isValue === isInEventValue ? "frame" : undefined;
  }

  push(bytes: Uint8Array): void {
    const end = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR));
    if (end !== -1) {
      const isPair = bytes[end] === LF && this.#before(bytes, end) === CR;
      this.#isOpen = !isLineEnd(this.#before(bytes, isPair ? end - 1 : end));
      this.#head = "";
    }
    const room = HEAD - this.#head.length;
    if (room > 0) this.#head += String.fromCharCode(...bytes.subarray(end + 1, end + 1 + room));
    this.#beforeLast = bytes.at(-2) ?? this.#last;
    this.#last = bytes.at(-1) ?? this.#last;
  }

  /** The byte in front of an index, which may lie in the chunk before. */
  #before(bytes: Uint8Array, index: number): number {
    return bytes[index - 1] ?? (index === 0 ? this.#last : this.#beforeLast);
  }
}

function isInEventValue(head: string): boolean {
  return /^data: ?[^ ]/.test(head);
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The elements of one JSON array. */
class Elements implements Frames {
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #isScalar = false; // the last byte belonged to a number or a word

  cutAt(next: number): Cut | undefined {
    return this.#depth > 1 || this.#isString || (this.#isScalar && isScalar(next)) ? "value" : undefined;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = this.#isString;
      else if (byte === QUOTE) this.#isString = !this.#isString;
      else if (!this.#isString && (byte === 0x5b || byte === 0x7b)) this.#depth += 1;
      else if (!this.#isString && (byte === 0x5d || byte === 0x7d)) this.#depth -= 1;
    }
    this.#isScalar = isScalar(bytes.at(-1) ?? 0);
  }
}

function isScalar(byte: number): boolean {
  return /[\w.+-]/.test(String.fromCharCode(byte));
}

/** Frames that begin with their length, in four bytes. */
class Prefixed implements Frames {
  #left = 0; // bytes of the frame in progress, once its length is known
  #length = NONE; // the bytes of the length, as far as they have come

  cutAt(): Cut | undefined {
    return this.#left > 0 || this.#length.length > 0 ? "frame" : undefined;
  }

  push(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      const skipped = Math.min(this.#left, rest.length);
      this.#left -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) return;
      const length = concat([this.#length, rest.subarray(0, 4 - this.#length.length)]);
      rest = rest.subarray(length.length - this.#length.length);
      this.#length = length.length < 4 ? length : NONE;
      if (length.length < 4) return;
      const total = new DataView(length.buffer, length.byteOffset).getUint32(0);
      this.#left = total < 16 ? Number.POSITIVE_INFINITY : total - 4; // no frame: nothing behind it can be told
    }
  }
}
