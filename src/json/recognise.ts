// What the grammar expects next. White space may stand before the first six, and in place of the first three a container may end.
const FIRST_ELEMENT = 0;
const FIRST_KEY = 1;
const AFTER_VALUE = 2; // a comma
const VALUE = 3;
const KEY = 4;
const COLON = 5;
const AFTER_SCALAR = 6; // at the top level: white space, or the beginning of a container
const STRING = 7;
const ESCAPE = 8;
const HEX = 9; // a digit of \uXXXX
const LITERAL = 10;
const MINUS = 11; // from here on: inside a number
const EXPONENT_MARK = 12;
const EXPONENT_SIGN = 13;
const POINT = 14;
const ZERO = 15; // from here on: a number that may end
const INTEGER = 16;
const FRACTION = 17;
const EXPONENT = 18;
// Not states but reasons to stop.
const MALFORMED = -1;
const OVER = -2; // the number's last character was the one before

/** Where a digit leads from each state inside a number. */
const AFTER_DIGIT = [INTEGER, EXPONENT, EXPONENT, FRACTION, MALFORMED, INTEGER, FRACTION, EXPONENT];

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
/** From a bracket to the one that closes it. */
const TO_CLOSING = 2;
const CLOSE_BRACE = OPEN_BRACE + TO_CLOSING;

/** What may stand behind a backslash, apart from `u`. */
const ESCAPES = '"\\/bfnrt';
const LITERALS = ["true", "false", "null"];

/** All but the quote, the backslash and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;

/** From about this length on a regular expression is faster than a loop over character codes: several times in long strings. */
const SHORT = 12;

/** The most containers inside each other unless told otherwise: deeper ones break JSON.stringify and structuredClone too. */
export const DEFAULT_MAX_DEPTH = 1000;

/**
 * Why reading stopped: the text ran out in the middle of the value; the value is whole; a character cannot be there; a
 * container opens a level too deep.
 */
export type Stop = "more" | "whole" | "malformed" | "too-deep";

/** What a `Recogniser` takes for JSON. */
export interface RecogniserOptions {
  maxDepth: number;
  /** Whether raw control characters are data inside strings and white space around a top-level value. */
  allowsControls: boolean;
}

/** Is told what a `Recogniser` reads, in order: whoever wants more than to know where a value ends. */
export interface Listener {
  /** A value begins with this character, at `index`. */
  begin: (character: string, index: number) => void;
  /** `text` from `start` up to `end` belongs to the key, string, number or literal in progress; escapes have been resolved. */
  part: (text: string, start: number, end: number) => void;
  /** The key in progress is whole. */
  key: () => void;
  /** The innermost value in progress is whole: it ends before `index`. */
  end: (index: number) => void;
}

/**
 * Tells where a JSON value ends, and which character is the first that cannot be: the grammar as a state machine with an
 * explicit stack. It reads text cut anywhere, builds nothing and never looks back.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export class Recogniser {
  /** Why `read` stopped last. */
  stop: Stop = "more";
  /** Whether a string of this value holds raw control characters, which JSON.parse would refuse. */
  hasControls = false;
  readonly #maxDepth: number;
  readonly #allowsControls: boolean;
  readonly #listener: Listener | undefined;
  #state = VALUE;
  /** What closes each container that is open, outermost first. */
  readonly #open: number[] = [];
  #isKey = false; // of the string in progress
  #literal = ""; // the one in progress
  #literalAt = 0;
  #escape = ""; // the one in progress, without its backslash

  constructor({ maxDepth, allowsControls }: RecogniserOptions, listener?: Listener) {
    this.#maxDepth = maxDepth;
    this.#allowsControls = allowsControls;
    this.#listener = listener;
  }

  /** Makes ready for the next value. */
  reset(): void {
    this.#state = VALUE;
    this.#open.length = 0;
    this.hasControls = false;
  }

  /** Nothing more comes, which ends a number. @returns whether the value is whole */
  finish(): boolean {
    if (this.#open.length > 0) return false;
    if (this.#state >= ZERO) {
      this.#state = AFTER_SCALAR;
      this.#listener?.end(0);
    }
    return this.#state === AFTER_SCALAR;
  }

  /** The index of the first character from `index` on that may begin a value or is in its place. */
  skipBlank(text: string, index: number): number {
    let at = index;
    while (at < text.length && this.#isBlank(text.charCodeAt(at))) at++;
    return at;
  }

  /**
   * Reads `text` from index `start` on, and says in `stop` why it went no further.
   *
   * @returns the index behind the value when it is whole, that of the character concerned when it is not JSON, and the
   *   text's length when there must come more
   */
  read(text: string, start: number): number {
    const listener = this.#listener;
    const open = this.#open;
    let state = this.#state;
    let token = start; // where in `text` the number or literal in progress begins or goes on
    this.stop = "more";
    for (let index = start; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (state <= COLON && isSpace(code)) continue;
      if (state <= AFTER_VALUE && code === open[open.length - 1]) {
        open.pop();
        listener?.end(index + 1);
        if (open.length === 0) return this.#stopAt(index + 1, "whole");
        state = AFTER_VALUE;
        continue;
      }
      switch (state) {
        case STRING:
          if (code === BACKSLASH) state = ESCAPE;
          else if (code !== QUOTE) {
            if (code < SPACE) {
              if (!this.#allowsControls) return this.#stopAt(index, "malformed");
              this.hasControls = true;
            }
            const next = skipPlain(text, index + 1);
            listener?.part(text, index, next);
            index = next - 1;
          } else if (this.#isKey) {
            state = COLON;
            listener?.key();
          } else {
            state = this.#afterScalar();
            listener?.end(index + 1);
          }
          break;
        case AFTER_VALUE:
          if (code !== COMMA) state = MALFORMED;
          else state = open[open.length - 1] === CLOSE_BRACE ? KEY : VALUE;
          break;
        case KEY:
        case FIRST_KEY:
          this.#isKey = true;
          state = code === QUOTE ? STRING : MALFORMED;
          break;
        case COLON:
          state = code === 0x3a ? VALUE : MALFORMED;
          break;
        case VALUE:
        case FIRST_ELEMENT:
          state = this.#beginValue(code);
          if (state === MALFORMED) break;
          if (state <= FIRST_KEY) {
            if (open.length >= this.#maxDepth) return this.#stopAt(index, "too-deep");
            open.push(code + TO_CLOSING);
          }
          token = index;
          listener?.begin(String.fromCharCode(code), index);
          break;
        case ESCAPE:
          this.#escape = text.charAt(index);
          if (this.#escape === "u") state = HEX;
          else if (ESCAPES.includes(this.#escape)) state = this.#endEscape();
          else state = MALFORMED;
          break;
        case HEX:
          this.#escape += text.charAt(index);
          if (!/[\da-f]$/i.test(this.#escape)) state = MALFORMED;
          else if (this.#escape.length === 5) state = this.#endEscape();
          break;
        case LITERAL:
          if (code !== this.#literal.charCodeAt(this.#literalAt++)) state = MALFORMED;
          else if (this.#literalAt === this.#literal.length) {
            state = this.#afterScalar();
            listener?.part(text, token, index + 1);
            listener?.end(index + 1);
          }
          break;
        case AFTER_SCALAR:
          return this.#stopAt(index, this.#endsScalar(code) ? "whole" : "malformed");
        default:
          state = inNumber(state, code);
          if (state !== OVER) break;
          if (!this.#endsScalar(code)) state = MALFORMED;
          else {
            state = this.#afterScalar();
            listener?.part(text, token, index);
            listener?.end(index);
            index--; // what ended the number means something itself
          }
      }
      if (state === MALFORMED) return this.#stopAt(index, "malformed");
    }
    if (state >= LITERAL) listener?.part(text, token, text.length);
    this.#state = state;
    return text.length;
  }

  #stopAt(index: number, stop: Stop): number {
    this.stop = stop;
    return index;
  }

  #isBlank(code: number): boolean {
    return isSpace(code) || (code < SPACE && this.#allowsControls);
  }

  #afterScalar(): number {
    return this.#open.length === 0 ? AFTER_SCALAR : AFTER_VALUE;
  }

  /** Whether `code` may stand directly behind a scalar. */
  #endsScalar(code: number): boolean {
    const closing = this.#open[this.#open.length - 1];
    if (closing === undefined) return code === OPEN_BRACE || code === OPEN_BRACKET || this.#isBlank(code);
    return code === COMMA || code === closing || isSpace(code);
  }

  /** The state that a value's first character leads to. */
  #beginValue(code: number): number {
    this.#isKey = false;
    if (code === QUOTE) return STRING;
    if (code === OPEN_BRACE) return FIRST_KEY;
    if (code === OPEN_BRACKET) return FIRST_ELEMENT;
    if (code === 0x2d) return MINUS;
    if (isDigit(code)) return inNumber(MINUS, code);
    this.#literal = LITERALS.find((literal) => literal.charCodeAt(0) === code) ?? "";
    this.#literalAt = 1;
    return this.#literal === "" ? MALFORMED : LITERAL;
  }

  /** The escape in progress is whole. */
  #endEscape(): number {
    this.#listener?.part(JSON.parse(`"\\${this.#escape}"`), 0, 1);
    return STRING;
  }
}

/** The index of the first character from `index` on that means something in a string. */
function skipPlain(text: string, index: number): number {
  const near = Math.min(index + SHORT, text.length);
  let at = index;
  while (at < near && isPlain(text.charCodeAt(at))) at++;
  if (at < near || at === text.length) return at;
  PLAIN.lastIndex = at;
  PLAIN.test(text);
  return PLAIN.lastIndex;
}

function isPlain(code: number): boolean {
  return code !== QUOTE && code !== BACKSLASH && code >= SPACE;
}

/** The state after `code`; OVER when `code` is no longer the number's. */
function inNumber(state: number, code: number): number {
  if (isDigit(code)) return state === MINUS && code === 0x30 ? ZERO : (AFTER_DIGIT[state - MINUS] ?? MALFORMED);
  if (code === 0x2e && (state === ZERO || state === INTEGER)) return POINT;
  if ((code | 0x20) === 0x65 && state >= ZERO && state !== EXPONENT) return EXPONENT_MARK;
  if ((code === 0x2b || code === 0x2d) && state === EXPONENT_MARK) return EXPONENT_SIGN;
  return state >= ZERO ? OVER : MALFORMED;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}
