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
const TOO_DEEP = -2;
const WHOLE = -3;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** All but the quote, the backslash and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
/** From about this length on a regular expression is faster than a loop over character codes: several times in long strings. */
const SHORT = 12;

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
  readonly #options: RecogniserOptions;
  #state = VALUE;
  /** The containers that are open, outermost first: whether each is an object. */
  readonly #open: boolean[] = [];
  #isKey = false; // of the string in progress
  #hexDigits = 0; // that are still to come
  #literal = "";
  #literalAt = 0;

  constructor(options: RecogniserOptions) {
    this.#options = options;
  }

  /** Makes ready for the next value. */
  reset(): void {
    this.#state = VALUE;
    this.#open.length = 0;
    this.hasControls = false;
  }

  /** Whether the value is whole if nothing more comes. */
  get isWholeAtEnd(): boolean {
    return this.#open.length === 0 && (this.#state === AFTER_SCALAR || endsNumber(this.#state));
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
   *   length of the text when there must come more
   */
  read(text: string, start: number): number {
    let state = this.#state;
    let index = start;
    this.stop = "more";
    while (index < text.length) {
      const code = text.charCodeAt(index);
      let next: number;
      switch (state) {
        case STRING:
          if (isPlain(code)) {
            index = skipPlain(text, index + 1);
            continue;
          }
          next = this.#inString(code);
          break;
        case VALUE:
        case FIRST_ELEMENT:
          if (code === CLOSE_BRACKET && state === FIRST_ELEMENT) next = this.#close();
          else next = isSpace(code) ? state : this.#beginValue(code);
          break;
        case KEY:
        case FIRST_KEY:
          if (code === QUOTE) next = this.#beginString(true);
          else if (code === CLOSE_BRACE && state === FIRST_KEY) next = this.#close();
          else next = isSpace(code) ? state : MALFORMED;
          break;
        case COLON:
          if (code === 0x3a) next = VALUE;
          else next = isSpace(code) ? COLON : MALFORMED;
          break;
        case AFTER_VALUE:
          next = isSpace(code) ? AFTER_VALUE : this.#afterElement(code);
          break;
        case AFTER_SCALAR:
          next = code === OPEN_BRACE || code === OPEN_BRACKET || this.#isBlank(code) ? WHOLE : MALFORMED;
          break;
        case ESCAPE:
          next = this.#escape(code);
          break;
        case HEX:
          next = this.#hexDigit(code);
          break;
        case LITERAL:
          next = this.#inLiteral(code);
          break;
        default:
          next = inNumber(state, code);
          if (next === WHOLE) {
            state = this.#afterValue(); // which reads the same character again
            continue;
          }
      }
      if (next < 0) {
        this.stop = next === WHOLE ? "whole" : next === TOO_DEEP ? "too-deep" : "malformed";
        // What closes a container is the value's own, what follows a scalar is not.
        return next === WHOLE && state !== AFTER_SCALAR ? index + 1 : index;
      }
      state = next;
      index++;
    }
    this.#state = state;
    return text.length;
  }

  #isBlank(code: number): boolean {
    return isSpace(code) || (code < SPACE && this.#options.allowsControls);
  }

  #afterValue(): number {
    return this.#open.length === 0 ? AFTER_SCALAR : AFTER_VALUE;
  }

  #beginString(isKey: boolean): number {
    this.#isKey = isKey;
    return STRING;
  }

  #inString(code: number): number {
    if (code === QUOTE) return this.#isKey ? COLON : this.#afterValue();
    if (code === BACKSLASH) return ESCAPE;
    this.hasControls = true;
    return this.#options.allowsControls ? STRING : MALFORMED;
  }

  #escape(code: number): number {
    if (code !== 0x75) return isEscape(code) ? STRING : MALFORMED;
    this.#hexDigits = 4;
    return HEX;
  }

  #hexDigit(code: number): number {
    if (!isHexDigit(code)) return MALFORMED;
    return --this.#hexDigits === 0 ? STRING : HEX;
  }

  #inLiteral(code: number): number {
    if (code !== this.#literal.charCodeAt(this.#literalAt)) return MALFORMED;
    return ++this.#literalAt === this.#literal.length ? this.#afterValue() : LITERAL;
  }

  #beginValue(code: number): number {
    switch (code) {
      case QUOTE:
        return this.#beginString(false);
      case OPEN_BRACE:
        return this.#openContainer(true);
      case OPEN_BRACKET:
        return this.#openContainer(false);
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

  #openContainer(isObject: boolean): number {
    if (this.#open.length >= this.#options.maxDepth) return TOO_DEEP;
    this.#open.push(isObject);
    return isObject ? FIRST_KEY : FIRST_ELEMENT;
  }

  #afterElement(code: number): number {
    const isObject = this.#open[this.#open.length - 1];
    if (code === 0x2c) return isObject ? KEY : VALUE;
    return code === (isObject ? CLOSE_BRACE : CLOSE_BRACKET) ? this.#close() : MALFORMED;
  }

  #close(): number {
    this.#open.pop();
    return this.#open.length === 0 ? WHOLE : AFTER_VALUE;
  }
}

/** The state after `code`; WHOLE when `code` is no longer the number's. */
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
  return endsNumber(state) ? WHOLE : MALFORMED;
}

function endsNumber(state: number): boolean {
  return state === ZERO || state === INTEGER || state === FRACTION || state === EXPONENT;
}

function isPlain(code: number): boolean {
  return code !== QUOTE && code !== BACKSLASH && code >= SPACE;
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

function isSpace(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexDigit(code: number): boolean {
  return isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
}

/** Whether `code` may stand behind a backslash, apart from `u`. */
function isEscape(code: number): boolean {
  return '"\\/bfnrt'.includes(String.fromCharCode(code));
}
