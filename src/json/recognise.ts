import type { ReadingOptions } from "./reading-options.js";

// What the grammar expects next. White space may stand before the first six, and in place of the first three a container may end.
const FIRST_ELEMENT = 0;
const FIRST_KEY = 1;
const AFTER_VALUE = 2; // a comma
const VALUE = 3;
const KEY = 4;
const COLON = 5;
const AFTER_TOP = 6; // behind a value at the top level
const STRING = 7;
const ESCAPE = 8;
const LITERAL = 9;
const MINUS = 10; // from here on: inside a number
const EXPONENT_MARK = 11;
const EXPONENT_SIGN = 12;
const POINT = 13;
const ZERO = 14; // from here on: a number that may end
const INTEGER = 15;
const FRACTION = 16;
const EXPONENT = 17;
// Not states but reasons to stop.
const MALFORMED = -1;
const OVER = -2; // the number's last character was the one before

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;
export const OPEN_BRACE = 0x7b;
export const OPEN_BRACKET = 0x5b;
/** From a bracket to the one that closes it. */
const TO_CLOSING = 2;
const CLOSE_BRACE = OPEN_BRACE + TO_CLOSING;

/** Where a digit leads from each state inside a number. */
const AFTER_DIGIT = [INTEGER, EXPONENT, EXPONENT, FRACTION, MALFORMED, INTEGER, FRACTION, EXPONENT];

/** All but the quote, the backslash and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;

/** From about this length on a regular expression is faster than a loop over character codes: several times in long strings. */
const SHORT = 12;

const LITERALS = ["true", "false", "null"];
/** What may stand behind a backslash, or the beginning of it. */
const ESCAPED = /^(?:["\\/bfnrt]|u[\da-fA-F]*)$/;

/** The most containers inside each other unless told otherwise: deeper ones break JSON.stringify and structuredClone too. */
export const DEFAULT_MAX_DEPTH = 1000;

/** Why reading stopped: the text ran out; the value is whole; or what is wrong. */
export type Stop = "more" | "whole" | "malformed" | "too-deep";

/** Is told what a `Recogniser` reads, in order: whoever wants more than to know where a value ends. */
export interface Listener {
  /** A value begins with the character of this code, at `index`. */
  begin: (code: number, index: number) => void;
  /** `text` belongs to the key, string, number or literal in progress; escapes have been resolved. */
  part: (text: string) => void;
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
  protected readonly options: Required<ReadingOptions>;
  readonly #allowsControls: boolean;
  readonly #listener: Listener | undefined;
  #state = VALUE;
  /** What closes each container that is open, outermost first. */
  readonly #open: number[] = [];
  #isKey = false; // of the string in progress
  #token = ""; // what there is of the escape in progress, or is still to come of the literal

  constructor(options: Required<ReadingOptions>, listener?: Listener) {
    this.options = options;
    this.#allowsControls = options.controlCharacters === "escape";
    this.#listener = listener;
  }

  /** Makes ready for the next value. */
  reset(): void {
    this.#state = VALUE;
    this.#open.length = 0;
  }

  /** Nothing more comes, which ends a number. @returns whether the value is whole */
  finish(): boolean {
    if (this.#open.length === 0 && this.#state >= ZERO) this.#state = this.#end(0);
    return this.#state === AFTER_TOP;
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
    for (let index = start; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (state <= COLON && isSpace(code)) continue;
      if (state <= AFTER_VALUE && code === open[open.length - 1]) {
        open.pop();
        state = this.#end(index + 1);
      } else
        switch (state) {
          case STRING:
            if (code === BACKSLASH) {
              state = ESCAPE;
              this.#token = "";
            } else if (code === QUOTE) {
              if (this.#isKey) listener?.key();
              state = this.#isKey ? COLON : this.#end(index + 1);
            } else if (code < SPACE && !this.#allowsControls) state = MALFORMED;
            else {
              const next = skipPlain(text, index + 1);
              listener?.part(text.slice(index, next));
              index = next - 1;
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
            token = index;
            state = this.#beginValue(code);
            if (state === FIRST_KEY || state === FIRST_ELEMENT) {
              if (open.length >= this.options.maxDepth) return this.#stopAt(index, "too-deep", state);
              open.push(code + TO_CLOSING);
            }
            listener?.begin(code, index);
            break;
          case ESCAPE:
            this.#token += text.charAt(index);
            if (!ESCAPED.test(this.#token)) state = MALFORMED;
            else if (this.#token.length === (this.#token.startsWith("u") ? 5 : 1)) {
              listener?.part(JSON.parse(`"\\${this.#token}"`));
              state = STRING;
            }
            break;
          case LITERAL:
            if (code !== this.#token.charCodeAt(0)) state = MALFORMED;
            else {
              this.#token = this.#token.slice(1);
              if (this.#token === "") {
                listener?.part(text.slice(token, index + 1));
                state = this.#end(index + 1);
              }
            }
            break;
          case AFTER_TOP:
            return this.#stopAt(index, this.#endsScalar(code) ? "whole" : "malformed", state);
          default:
            state = inNumber(state, code);
            if (state !== OVER) break;
            if (!this.#endsScalar(code)) state = MALFORMED;
            else {
              listener?.part(text.slice(token, index));
              state = this.#end(index--); // what ended the number means something itself
            }
        }
      if (state === MALFORMED) return this.#stopAt(index, "malformed", state);
      if (state === AFTER_TOP) return this.#stopAt(index + 1, "whole", state);
    }
    if (state >= LITERAL) listener?.part(text.slice(token));
    return this.#stopAt(text.length, "more", state);
  }

  #stopAt(index: number, stop: Stop, state: number): number {
    this.#state = state;
    this.stop = stop;
    return index;
  }

  #isBlank(code: number): boolean {
    return isSpace(code) || (code < SPACE && this.#allowsControls);
  }

  /** A value ends before `index`. @returns the state after it */
  #end(index: number): number {
    this.#listener?.end(index);
    return this.#open.length > 0 ? AFTER_VALUE : AFTER_TOP;
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
    const literal = LITERALS.find((each) => each.charCodeAt(0) === code);
    if (literal === undefined) return MALFORMED;
    this.#token = literal.slice(1);
    return LITERAL;
  }
}

/** The index of the first character from `index` on that means something in a string. */
function skipPlain(text: string, index: number): number {
  for (let at = index; at < text.length; at++) {
    if (!isPlain(text.charCodeAt(at))) return at;
    if (at - index > SHORT) {
      PLAIN.lastIndex = at;
      PLAIN.test(text);
      return PLAIN.lastIndex;
    }
  }
  return text.length;
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
