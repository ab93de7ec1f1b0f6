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

/** Where a digit leads from each state inside a number. */
const AFTER_DIGIT = [INTEGER, EXPONENT, EXPONENT, FRACTION, MALFORMED, INTEGER, FRACTION, EXPONENT];

/** What may stand behind a backslash, and the beginning of the one that has several characters. */
const ESCAPE_SEQUENCE = /^(?:["\\/bfnrt]|u[\da-fA-F]{4})$/;
const BEGUN_SEQUENCE = /^u[\da-fA-F]{0,3}$/;
const LITERALS = ["true", "false", "null"];
const SPACES = " \t\n\r";

/** All but the quote, the backslash and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;

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
  readonly #open: string[] = [];
  #isKey = false; // of the string in progress
  #rest = ""; // of the literal in progress
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
    while (at < text.length && this.#isBlank(text.charAt(at))) at++;
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
      const character = text.charAt(index);
      const closing = open[open.length - 1];
      if (state <= COLON && SPACES.includes(character)) continue;
      if (state <= AFTER_VALUE && character === closing) {
        open.pop();
        listener?.end(index + 1);
        if (open.length === 0) return this.#stopAt(index + 1, "whole");
        state = AFTER_VALUE;
        continue;
      }
      switch (state) {
        case STRING:
          if (character === "\\") {
            state = ESCAPE;
            this.#escape = "";
          } else if (character !== '"') {
            if (character < " ") {
              if (!this.#allowsControls) return this.#stopAt(index, "malformed");
              this.hasControls = true;
            }
            PLAIN.lastIndex = index + 1;
            PLAIN.test(text);
            listener?.part(text, index, PLAIN.lastIndex);
            index = PLAIN.lastIndex - 1;
          } else if (this.#isKey) {
            state = COLON;
            listener?.key();
          } else {
            state = this.#afterScalar();
            listener?.end(index + 1);
          }
          break;
        case AFTER_VALUE:
          if (character !== ",") state = MALFORMED;
          else state = closing === "}" ? KEY : VALUE;
          break;
        case KEY:
        case FIRST_KEY:
          this.#isKey = true;
          state = character === '"' ? STRING : MALFORMED;
          break;
        case COLON:
          state = character === ":" ? VALUE : MALFORMED;
          break;
        case VALUE:
        case FIRST_ELEMENT:
          state = this.#beginValue(character);
          if (state === MALFORMED) break;
          if (state <= FIRST_KEY) {
            if (open.length >= this.#maxDepth) return this.#stopAt(index, "too-deep");
            open.push(state === FIRST_KEY ? "}" : "]");
          }
          token = index;
          listener?.begin(character, index);
          break;
        case ESCAPE:
          this.#escape += character;
          if (ESCAPE_SEQUENCE.test(this.#escape)) {
            state = STRING;
            listener?.part(JSON.parse(`"\\${this.#escape}"`), 0, 1);
          } else if (!BEGUN_SEQUENCE.test(this.#escape)) state = MALFORMED;
          break;
        case LITERAL:
          if (!this.#rest.startsWith(character)) state = MALFORMED;
          else {
            this.#rest = this.#rest.slice(1);
            if (this.#rest !== "") break;
            state = this.#afterScalar();
            listener?.part(text, token, index + 1);
            listener?.end(index + 1);
          }
          break;
        case AFTER_SCALAR:
          return this.#stopAt(index, this.#endsScalar(character) ? "whole" : "malformed");
        default:
          state = inNumber(state, character);
          if (state !== OVER) break;
          if (!this.#endsScalar(character)) state = MALFORMED;
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

  #isBlank(character: string): boolean {
    return SPACES.includes(character) || (character < " " && this.#allowsControls);
  }

  #afterScalar(): number {
    return this.#open.length === 0 ? AFTER_SCALAR : AFTER_VALUE;
  }

  /** Whether a character may stand directly behind a scalar. */
  #endsScalar(character: string): boolean {
    const closing = this.#open[this.#open.length - 1];
    if (closing === undefined) return character === "{" || character === "[" || this.#isBlank(character);
    return character === "," || character === closing || SPACES.includes(character);
  }

  /** The state that a value's first character leads to. */
  #beginValue(character: string): number {
    this.#isKey = false;
    if (character === '"') return STRING;
    if (character === "{") return FIRST_KEY;
    if (character === "[") return FIRST_ELEMENT;
    if (character === "-") return MINUS;
    const literal = LITERALS.find((each) => each.startsWith(character));
    if (literal === undefined) return inNumber(MINUS, character);
    this.#rest = literal.slice(1);
    return LITERAL;
  }
}

/** The state after a character; OVER when it is no longer the number's. */
function inNumber(state: number, character: string): number {
  if (character >= "0" && character <= "9") {
    return state === MINUS && character === "0" ? ZERO : (AFTER_DIGIT[state - MINUS] ?? MALFORMED);
  }
  if (character === "." && (state === ZERO || state === INTEGER)) return POINT;
  if ("eE".includes(character) && state >= ZERO && state !== EXPONENT) return EXPONENT_MARK;
  if ("+-".includes(character) && state === EXPONENT_MARK) return EXPONENT_SIGN;
  return state >= ZERO ? OVER : MALFORMED;
}
