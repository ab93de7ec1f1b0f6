/**
 * The oracle for what `bufferParse` does with text that is not, or not yet, JSON: RFC 8259 by recursive descent over the whole
 * text, and the rules for frames taken word by word. Slow on purpose: a fragment is read again from its start with each frame.
 */

/** What reading gave, in order. */
export type Reading = { value: unknown } | { code: "malformed" | "truncated"; offset: number; raw: string };

export interface LiteralOptions {
  framed: boolean;
  /** Whether raw control characters are data in strings and nothing between top-level values. */
  allowsControls: boolean;
}

/** The text is a beginning of a value. */
class More extends Error {}
/** The character at `at` cannot be there. */
class Bad extends Error {
  readonly at: number;
  constructor(at: number) {
    super();
    this.at = at;
  }
}

/** Reads frames (or chunks, when they are not framed) and goes on after errors, as far as `framed` lets it. */
export function literalJSON(frames: readonly string[], options: LiteralOptions): Reading[] {
  const readings: Reading[] = [];
  if (!options.framed) {
    readBare(frames.join(""));
    return readings;
  }
  let fragment: string[] = []; // the frames of the value in progress, from its first character on
  let offset = 0;
  for (const frame of frames) {
    readFrame(frame);
    offset += frame.length;
  }
  if (fragment.length > 0) breakOff();
  return readings;

  function readFrame(frame: string): void {
    const before = fragment.join("");
    if (before !== "") {
      const text = before + frame;
      const end = endOfValue(text, 0, options);
      if (end === "more") return void fragment.push(frame);
      if (typeof end === "object") {
        breakOff();
        return readFresh(frame, 0);
      }
      fragment = [];
      readings.push({ value: parse(text.slice(0, end)) });
      return readFresh(frame, end - before.length);
    }
    readFresh(frame, 0);
  }

  function readFresh(frame: string, from: number): void {
    const start = skipBlank(frame, from, options);
    if (start === frame.length) return;
    const end = endOfValue(frame, start, options);
    if (end === "more") fragment = [frame.slice(start)];
    else if (typeof end === "object") {
      readings.push({ code: "malformed", offset: offset + end.at, raw: frame.slice(start) });
    } else {
      readings.push({ value: parse(frame.slice(start, end)) });
      readFresh(frame, end);
    }
  }

  /** "A fragment … is reported as truncated; frames inside it that are whole objects or arrays by themselves are delivered." */
  function breakOff(): void {
    const [, ...inside] = fragment;
    readings.push({ code: "truncated", offset, raw: fragment.join("") });
    fragment = [];
    for (const frame of inside) {
      const start = skipBlank(frame, 0, options);
      if (frame[start] !== "{" && frame[start] !== "[") continue;
      const end = endOfValue(frame, start, options);
      if (typeof end === "number" && skipBlank(frame, end, options) === frame.length) {
        readings.push({ value: parse(frame.slice(start, end)) });
      }
    }
  }

  function readBare(text: string): void {
    for (let start = skipBlank(text, 0, options); start < text.length; ) {
      const end = endOfValue(text, start, options);
      if (end === "more") return void readings.push({ code: "truncated", offset: text.length, raw: text.slice(start) });
      if (typeof end === "object") {
        return void readings.push({ code: "malformed", offset: end.at, raw: text.slice(start, end.at + 1) });
      }
      readings.push({ value: parse(text.slice(start, end)) });
      start = skipBlank(text, end, options);
    }
  }
}

/** The index behind the value that begins at `start`, where the text's end ends a scalar. */
function endOfValue(text: string, start: number, options: LiteralOptions): number | "more" | Bad {
  try {
    const end = value(text, start, options);
    const isScalar = !["{", "["].includes(text.charAt(start));
    if (
      isScalar &&
      end < text.length &&
      skipBlank(text, end, options) === end &&
      !["{", "["].includes(text.charAt(end))
    ) {
      return new Bad(end);
    }
    return end;
  } catch (stop) {
    if (stop instanceof Bad) return stop;
    if (stop instanceof More) return "more";
    throw stop;
  }
}

function value(text: string, at: number, options: LiteralOptions): number {
  const first = character(text, at);
  if (first === "{") return members(text, at + 1, "}", options);
  if (first === "[") return members(text, at + 1, "]", options);
  if (first === '"') return string(text, at, options);
  for (const literal of ["true", "false", "null"]) {
    if (literal.startsWith(first)) return expected(text, at, literal);
  }
  return number(text, at);
}

/** The members of an object or the elements of an array, with what closes it. */
function members(text: string, from: number, close: "}" | "]", options: LiteralOptions): number {
  let at = skipSpace(text, from);
  if (character(text, at) === close) return at + 1;
  while (true) {
    if (close === "}") {
      if (character(text, at) !== '"') throw new Bad(at);
      at = skipSpace(text, string(text, at, options));
      at = skipSpace(text, expected(text, at, ":"));
    }
    at = skipSpace(text, value(text, at, options));
    if (character(text, at) === close) return at + 1;
    at = skipSpace(text, expected(text, at, ","));
  }
}

function string(text: string, start: number, { allowsControls }: LiteralOptions): number {
  for (let at = start + 1; ; at++) {
    const next = character(text, at);
    if (next === '"') return at + 1;
    if (next < " " && !allowsControls) throw new Bad(at);
    if (next !== "\\") continue;
    at++;
    if (character(text, at) === "u") {
      for (const end = at + 4; at < end; ) if (!/[0-9a-fA-F]/.test(character(text, ++at))) throw new Bad(at);
    } else if (!'"\\/bfnrt'.includes(character(text, at))) throw new Bad(at);
  }
}

const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const BEGINNING_OF_A_NUMBER = /-?((0|[1-9][0-9]*)(\.([0-9]+([eE][+-]?[0-9]*)?)?|[eE][+-]?[0-9]*)?)?/y;

function number(text: string, start: number): number {
  BEGINNING_OF_A_NUMBER.lastIndex = start;
  const end = start + (BEGINNING_OF_A_NUMBER.exec(text)?.[0].length ?? 0);
  if (NUMBER.test(text.slice(start, end))) return end;
  character(text, end); // or there must come more
  throw new Bad(end);
}

function expected(text: string, start: number, word: string): number {
  for (let index = 0; index < word.length; index++) {
    if (character(text, start + index) !== word[index]) throw new Bad(start + index);
  }
  return start + word.length;
}

function character(text: string, at: number): string {
  if (at >= text.length) throw new More();
  return text.charAt(at);
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}

function skipBlank(text: string, start: number, { allowsControls }: LiteralOptions): number {
  let at = start;
  while (at < text.length && (" \t\n\r".includes(text.charAt(at)) || (allowsControls && text.charAt(at) < " "))) at++;
  return at;
}

function parse(text: string): unknown {
  const escaped = text.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) =>
    quoted.replace(/\p{Cc}/gu, (control) => `\\u00${control.charCodeAt(0).toString(16).padStart(2, "0")}`),
  );
  return JSON.parse(escaped);
}
