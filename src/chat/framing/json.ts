import { excerpt, SluiceError, type SluiceErrorCode } from "../../errors.js";
import { escapeControls } from "../../json/controls.js";
import { DEFAULT_MAX_DEPTH } from "../../json/recognise.js";
import { parsed } from "../values.js";
import type { Frames } from "./framing.js";

/** Takes the texts of frames, with their names. */
export interface Texts {
  push: (text: string, name?: string) => void;
  end: () => void;
}

/** All that tells where an object or array ends: outside of strings, and inside of them. */
const OUTSIDE = /["[\]{}]/g;
const INSIDE = /["\\]/g;
/** Neither white space nor a control character, as some servers send to keep a connection alive. */
const SOMETHING = /[^\s\p{Cc}]/gu;

/** Collects the text of one object or array, however it is cut. What stands between its marks is for JSON.parse to judge. */
export class Container {
  state: "open" | "whole" | "too-deep" | "too-long" = "open";
  readonly #began: number; // its offset
  readonly #maxLength: number;
  #text = "";
  #depth = 0;
  #isString = false;
  #isEscaped = false; // the character that comes next

  constructor(began: number, maxLength: number) {
    this.#began = began;
    this.#maxLength = maxLength;
  }

  /** Reads on in `text` from `start`. @returns the index behind what belongs to it */
  read(text: string, start: number): number {
    const end = this.#end(text, start);
    this.#text += text.slice(start, end);
    if (this.#text.length > this.#maxLength) this.state = "too-long";
    return end;
  }

  /** Gives what it is, as far as it has come. */
  give(out: Frames, name = ""): void {
    const text = this.#text.slice(0, this.#maxLength + 1);
    if (this.state === "whole") give(text, this.#began, out, name);
    else out.broken(jsonError(this.state === "open" ? "truncated" : this.state, text, this.#began));
  }

  #end(text: string, start: number): number {
    let index = this.#isEscaped ? start + 1 : start;
    while (this.state === "open") {
      const marks = this.#isString ? INSIDE : OUTSIDE;
      marks.lastIndex = index;
      const mark = marks.exec(text)?.[0];
      this.#isEscaped = index > text.length;
      if (mark === undefined) return text.length;
      index = marks.lastIndex;
      if (mark === '"') this.#isString = !this.#isString;
      else if (mark === "\\") index++;
      else if (mark === "}" || mark === "]") this.state = --this.#depth === 0 ? "whole" : "open";
      else if (++this.#depth > DEFAULT_MAX_DEPTH) this.state = "too-deep";
    }
    return index;
  }
}

/** The error that JSON cannot be read, and why. */
export function jsonError(code: SluiceErrorCode, raw: string, offset: number): SluiceError {
  return new SluiceError(code, `JSON is ${code} at offset ${offset}: ${excerpt(raw)}`, { raw, offset });
}

/**
 * Reads the JSON values in the texts of frames: one is mostly one value, but may be a part of one, or several. A frame that is
 * an object or array by itself is no part: what waited for its end was cut off.
 */
export function valuesOf(out: Frames, maxLength: number): Texts {
  let fragment: Container | undefined;
  let offset = 0; // of the frame

  function read(text: string, name: string): void {
    for (let index = 0; index < text.length; ) {
      if (fragment === undefined) {
        SOMETHING.lastIndex = index;
        const start = SOMETHING.exec(text)?.index;
        if (start === undefined) return;
        // A scalar ends where its frame does.
        if (!opensContainer(text, start)) return give(text.slice(start), offset + start, out, name);
        fragment = new Container(offset + start, maxLength);
        index = start;
      }
      index = fragment.read(text, index);
      const { state } = fragment;
      if (state !== "open") end(name);
      if (state !== "whole") return; // where a limit was passed, the rest of the frame goes with it
    }
  }

  function end(name?: string): void {
    fragment?.give(out, name);
    fragment = undefined;
  }

  return {
    push(text, name = "") {
      const whole = wholeOf(text);
      if (whole === undefined) read(text, name);
      else {
        end();
        out.push(whole, name, text);
      }
      offset += text.length;
    },
    end: () => end(),
  };
}

/** The object or array that a text is, if it is one and nothing else. A short text cannot nest too deep. */
function wholeOf(text: string): unknown {
  if (!opensContainer(text, 0)) return undefined;
  if (text.length > 2 * DEFAULT_MAX_DEPTH) {
    const container = new Container(0, Infinity);
    if (container.read(text, 0) !== text.length || container.state !== "whole") return undefined;
  }
  return parsed(text);
}

function opensContainer(text: string, index: number): boolean {
  return text[index] === "{" || text[index] === "[";
}

/** Gives the value of a whole text, in whose strings raw control characters are data. */
function give(text: string, offset: number, out: Frames, name: string): void {
  const value = parsed(text) ?? parsed(escapeControls(text));
  if (value === undefined) out.broken(jsonError("malformed", text, offset));
  else out.push(value, name, text);
}
