// What the grammar expects next. White space may stand before the first seven.
const VALUE = 0;
const FIRST_ELEMENT = 1; // a value, or the end of the empty array
const FIRST_KEY = 2; // a key, or the end of the empty object
const KEY = 3;
const COLON = 4;
const AFTER_VALUE = 5; // a comma, or the end of the container
const AFTER_SCALAR = 6; // at the top level: white space, or the beginning of a container
const STRING = 7;
const ESCAPE = 8;
const HEX = 9; // a digit of \uXXXX
const LITERAL = 10;
const MINUS = 11; // from here on: inside a number
const ZERO = 12;
const INTEGER = 13;
const POINT = 14;
const FRACTION = 15;
const EXPONENT_MARK = 16;
const EXPONENT_SIGN = 17;
const EXPONENT = 18;
// Not states but reasons to stop.
const MALFORMED = -1;
const OVER = -2; // the number's last character was the one before

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** What may stand behind a backslash, apart from `u`, and the characters these stand for. */
const ESCAPES = '"\\/bfnrt';
const ESCAPED = '"\\/\b\f\n\r\t';

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
  /** A value begins with the character `code` at `index`. */
  begin: (code: number, index: number) => void;
  /** `text` from `start` up to `end` belongs to the key, string, number or literal in progress as it stands there. */
  part: (text: string, start: number, end: number) => void;
  /** An escape in the key or string in progress stands for this UTF-16 code unit. */
  unit: (code: number) => void;
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
  /** The containers that are open, outermost first: whether each is an object. */
  readonly #open: boolean[] = [];
  #isKey = false; // of the string in progress
  #hexDigits = 0; // that are still to come
  #unit = 0; // what the hexadecimal digits give so far
  #literal = "";
  #literalAt = 0;

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
    if (endsNumber(this.#state)) {
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
   * Reads `text` from index `start` up to `end`, and says in `stop` why it went no further.
   *
   * @returns the index behind the value when it is whole, that of the character concerned when it is not JSON, and `end`
   *   when there must come more
   */
  read(text: string, start: number, end: number = text.length): number {
    const listener = this.#listener;
    const open = this.#open;
    let state = this.#state;
    let token = start; // where in `text` the number or literal in progress begins or goes on
    this.stop = "more";
    for (let index = start; index < end; index++) {
      const code = text.charCodeAt(index);
      switch (state) {
        case STRING:
          if (isPlain(code)) {
            const next = skipPlain(text, index + 1, end);
            listener?.part(text, index, next);
            index = next - 1;
          } else if (code === BACKSLASH) state = ESCAPE;
          else if (code !== QUOTE) {
            if (!this.#allowsControls) return this.#stopAt(index, "malformed");
            this.hasControls = true;
            listener?.part(text, index, index + 1);
          } else if (this.#isKey) {
            state = COLON;
            listener?.key();
          } else {
            state = afterScalar(open);
            listener?.end(index + 1);
          }
          break;
        case AFTER_VALUE: {
          const isObject = open[open.length - 1];
          if (code === COMMA) state = isObject ? KEY : VALUE;
          else if (code === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
            if (this.#close(index)) return index + 1;
          } else if (!isSpace(code)) return this.#stopAt(index, "malformed");
          break;
        }
        case KEY:
        case FIRST_KEY:
          if (code === QUOTE) {
            this.#isKey = true;
            state = STRING;
          } else if (code === CLOSE_BRACE && state === FIRST_KEY) {
            if (this.#close(index)) return index + 1;
            state = AFTER_VALUE;
          } else if (!isSpace(code)) return this.#stopAt(index, "malformed");
          break;
        case COLON:
          if (code === 0x3a) state = VALUE;
          else if (!isSpace(code)) return this.#stopAt(index, "malformed");
          break;
        case VALUE:
        case FIRST_ELEMENT:
          if (isSpace(code)) break;
          if (code === CLOSE_BRACKET && state === FIRST_ELEMENT) {
            if (this.#close(index)) return index + 1;
            state = AFTER_VALUE;
            break;
          }
          state = this.#beginValue(code);
          if (state === MALFORMED) return this.#stopAt(index, "malformed");
          if (state <= FIRST_KEY) {
            if (open.length >= this.#maxDepth) return this.#stopAt(index, "too-deep");
            open.push(state === FIRST_KEY);
          }
          token = index;
          listener?.begin(code, index);
          break;
        case ESCAPE:
          state = this.#escape(code);
          if (state === MALFORMED) return this.#stopAt(index, "malformed");
          break;
        case HEX:
          if (!isHexDigit(code)) return this.#stopAt(index, "malformed");
          // The lowest four bits of a letter are 1 for A up to 6 for F.
          this.#unit = this.#unit * 16 + (code & 15) + (isDigit(code) ? 0 : 9);
          if (--this.#hexDigits > 0) break;
          state = STRING;
          listener?.unit(this.#unit);
          break;
        case LITERAL:
          if (code !== this.#literal.charCodeAt(this.#literalAt)) return this.#stopAt(index, "malformed");
          if (++this.#literalAt < this.#literal.length) break;
          state = afterScalar(open);
          listener?.part(text, token, index + 1);
          listener?.end(index + 1);
          break;
        case AFTER_SCALAR:
          return this.#stopAt(index, this.#endsScalar(code) ? "whole" : "malformed");
        default:
          state = inNumber(state, code);
          if (state === MALFORMED) return this.#stopAt(index, "malformed");
          if (state !== OVER) break;
          if (!this.#endsScalar(code)) return this.#stopAt(index, "malformed");
          state = afterScalar(open);
          listener?.part(text, token, index);
          listener?.end(index);
          index--; // what ended the number means something itself
      }
    }
    if (state >= LITERAL) listener?.part(text, token, end);
    this.#state = state;
    return end;
  }

  #stopAt(index: number, stop: Stop): number {
    this.stop = stop;
    return index;
  }

  #isBlank(code: number): boolean {
    return isSpace(code) || (code < SPACE && this.#allowsControls);
  }

  /** Whether `code` may stand directly behind a scalar. */
  #endsScalar(code: number): boolean {
    const depth = this.#open.length;
    if (depth === 0) return code === OPEN_BRACE || code === OPEN_BRACKET || this.#isBlank(code);
    return code === COMMA || code === (this.#open[depth - 1] ? CLOSE_BRACE : CLOSE_BRACKET) || isSpace(code);
  }

  /** The state that a value's first character leads to. */
  #beginValue(code: number): number {
    switch (code) {
      case QUOTE:
        this.#isKey = false;
        return STRING;
      case OPEN_BRACE:
        return FIRST_KEY;
      case OPEN_BRACKET:
        return FIRST_ELEMENT;
      case 0x2d: // -
        return MINUS;
      case 0x30: // 0
        return ZERO;
      case 0x74: // t
        return this.#beginLiteral("true");
      case 0x66: // f
        return this.#beginLiteral("false");
      case 0x6e: // n
        return this.#beginLiteral("null");
      default:
        return isDigit(code) ? INTEGER : MALFORMED;
    }
  }

  #beginLiteral(literal: string): number {
    this.#literal = literal;
    this.#literalAt = 1;
    return LITERAL;
  }

  /** The state that the character behind a backslash leads to. */
  #escape(code: number): number {
    if (code === 0x75) {
      this.#hexDigits = 4;
      this.#unit = 0;
      return HEX;
    }
    const at = ESCAPES.indexOf(String.fromCharCode(code));
    if (at === -1) return MALFORMED;
    this.#listener?.unit(ESCAPED.charCodeAt(at));
    return STRING;
  }

  /** Closes the innermost container. @returns whether that makes the value whole */
  #close(index: number): boolean {
    this.#open.pop();
    this.#listener?.end(index + 1);
    if (this.#open.length > 0) return false;
    this.stop = "whole";
    return true;
  }
}

function afterScalar(open: readonly boolean[]): number {
  return open.length === 0 ? AFTER_SCALAR : AFTER_VALUE;
}

/** The state after `code`; OVER when `code` is no longer the number's. */
function inNumber(state: number, code: number): number {
  if (isDigit(code)) {
    if (state === MINUS) return code === 0x30 ? ZERO : INTEGER;
    if (state === ZERO) return MALFORMED;
    if (state === POINT) return FRACTION;
    return state === EXPONENT_MARK || state === EXPONENT_SIGN ? EXPONENT : state;
  }
  if (code === 0x2e && (state === ZERO || state === INTEGER)) return POINT;
  if ((code === 0x65 || code === 0x45) && endsNumber(state) && state !== EXPONENT) return EXPONENT_MARK;
  if ((code === 0x2b || code === 0x2d) && state === EXPONENT_MARK) return EXPONENT_SIGN;
  return endsNumber(state) ? OVER : MALFORMED;
}

function endsNumber(state: number): boolean {
  return state === ZERO || state === INTEGER || state === FRACTION || state === EXPONENT;
}

function isPlain(code: number): boolean {
  return code !== QUOTE && code !== BACKSLASH && code >= SPACE;
}

/** The index of the first character from `index` up to `end` that means something in a string. */
function skipPlain(text: string, index: number, end: number): number {
  const near = Math.min(index + SHORT, end);
  let at = index;
  while (at < near && isPlain(text.charCodeAt(at))) at++;
  if (at < near || at === end) return at;
  PLAIN.lastIndex = at;
  PLAIN.test(text);
  return Math.min(PLAIN.lastIndex, end);
}

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}
