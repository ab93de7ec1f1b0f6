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

/** All that tells where an object or array ends: outside of strings, and inside of them, where brackets are text. */
const OUTSIDE = /["[\]{}]/g;
const INSIDE = /["\\]/g;
/** Neither white space nor a control character, as some servers send to keep a connection alive. */
const SOMETHING = /[^\s\p{Cc}]/gu;

/** One object or array, however it is cut. */
export interface Container {
  /** What it is if nothing more comes. */
  state: "truncated" | "whole" | "too-deep" | "too-long";
  /** Reads on in `text` from `start`. @returns the index behind what belongs to it */
  read: (text: string, start: number) => number;
  /** Gives what it is, as far as it has come. */
  give: (out: Frames, name?: string) => void;
}

/** Collects the text of one that began at an offset. What stands between its marks is for JSON.parse to judge. */
export function container(began: number, maxLength: number): Container {
  let all = "";
  let depth = 0;
  let isString = false;
  let isEscaped = false; // the character that comes next

  const self: Container = {
    state: "truncated",
    read(text, start) {
      let index = isEscaped ? start + 1 : start;
      while (self.state === "truncated") {
        const marks = isString ? INSIDE : OUTSIDE;
        marks.lastIndex = index;
        const mark = marks.exec(text)?.[0];
        isEscaped = index > text.length;
        if (mark === undefined) {
          index = text.length;
          break;
        }
        index = marks.lastIndex;
        if (mark === '"') isString = !isString;
        else if (mark === "\\") index++;
        else if (mark === "}" || mark === "]") self.state = --depth === 0 ? "whole" : "truncated";
        else if (++depth > DEFAULT_MAX_DEPTH) self.state = "too-deep";
      }
      all += text.slice(start, index);
      if (all.length > maxLength) self.state = "too-long";
      return index;
    },
    give(out, name = "") {
      const text = all.slice(0, maxLength + 1);
      if (self.state === "whole") give(text, began, out, name);
      else out.broken(jsonError(self.state, text, began));
    },
  };
  return self;
}

/** The error that JSON cannot be read, and why. */
export function jsonError(code: SluiceErrorCode, raw: string, offset: number): SluiceError {
  return new SluiceError(code, `JSON is ${code} at offset ${offset}: ${excerpt(raw)}`, { raw, offset });
}

/**
 * Reads the JSON values in the texts of frames: one is mostly one value, but may be a part of one, or several, or the
 * sentinel. A frame that is an object or array by itself is no part: what waited for its end was cut off.
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
        fragment = container(offset + start, maxLength);
        index = start;
      }
      index = fragment.read(text, index);
      const { state } = fragment;
      if (state !== "truncated") end(name);
      if (state !== "whole") return; // where a limit was passed, the rest of the frame goes with it
    }
  }

  function end(name?: string): void {
    fragment?.give(out, name);
    fragment = undefined;
  }

  return {
    push(text, name = "") {
      const whole = opensContainer(text, 0) && isShallow(text) ? parsed(text) : undefined;
      const isSentinel = text.trim() === "[DONE]";
      if (whole !== undefined || isSentinel) end(); // what is incomplete will not become whole
      if (isSentinel) out.sentinel();
      else if (whole === undefined) read(text, name);
      else out.push(whole, name, text);
      offset += text.length;
    },
    end: () => end(),
  };
}

/** Whether an object or array does not nest too deep; a short one cannot. */
function isShallow(text: string): boolean {
  if (text.length <= 2 * DEFAULT_MAX_DEPTH) return true;
  const whole = container(0, Infinity);
  whole.read(text, 0);
  return whole.state === "whole";
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
