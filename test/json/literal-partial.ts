/**
 * The oracle for `partialJSON`: what there is of a JSON value in a beginning of its text, by recursive descent over the whole
 * beginning, every time anew. Slow on purpose.
 */

/** What a beginning shows. `value` is missing as long as there is nothing to show. */
export interface Shown {
  value?: unknown;
  isWhole: boolean;
}

/** The character at `at` cannot be there. */
export class Bad extends Error {
  readonly at: number;
  constructor(at: number) {
    super(`bad character at ${at}`);
    this.at = at;
  }
}

/** A part that has been read: what it shows, and where it ends; without an end, the text ended first. */
interface Read {
  shown?: { value: unknown };
  end?: number;
}

/** @throws Bad at the first character that cannot be there */
export function literalPartial(text: string): Shown {
  const start = skipSpace(text, 0);
  const { shown, end } = readValue(text, start);
  // A number that the text's end may cut off is not whole.
  if (end === undefined) return { ...shown, isWhole: false };
  const rest = skipSpace(text, end);
  if (rest < text.length) throw new Bad(rest);
  return { ...shown, isWhole: true };
}

function readValue(text: string, at: number): Read {
  const first = text.charAt(at);
  if (first === "") return {};
  if (first === "{" || first === "[") return readContainer(text, at + 1, first === "{");
  if (first === '"') return readString(text, at);
  for (const word of ["true", "false", "null"]) {
    if (word.startsWith(first)) return readWord(text, at, word);
  }
  return readNumber(text, at);
}

function readContainer(text: string, from: number, isObject: boolean): Read {
  const members: [key: string, value: unknown][] = [];
  const close = isObject ? "}" : "]";
  const value = (): unknown => {
    if (!isObject) return members.map(([, member]) => member);
    const object = {};
    for (const [key, member] of members) {
      Object.defineProperty(object, key, { value: member, writable: true, enumerable: true, configurable: true });
    }
    return object;
  };
  const unfinished = (): Read => ({ shown: { value: value() } });
  let at = skipSpace(text, from);
  if (text.charAt(at) === close) return { ...unfinished(), end: at + 1 };
  while (true) {
    let key = String(members.length);
    if (isObject) {
      if (at >= text.length) return unfinished();
      if (text.charAt(at) !== '"') throw new Bad(at);
      const read = readString(text, at);
      if (read.end === undefined) return unfinished();
      key = String(read.shown?.value);
      at = skipSpace(text, read.end);
      if (at >= text.length) return unfinished();
      if (text.charAt(at) !== ":") throw new Bad(at);
      at = skipSpace(text, at + 1);
    }
    const member = readValue(text, at);
    if (member.shown !== undefined) members.push([key, member.shown.value]);
    if (member.end === undefined) return unfinished();
    at = skipSpace(text, member.end);
    if (at >= text.length) return unfinished();
    if (text.charAt(at) === close) return { ...unfinished(), end: at + 1 };
    if (text.charAt(at) !== ",") throw new Bad(at);
    at = skipSpace(text, at + 1);
  }
}

function readString(text: string, start: number): Read {
  let json = ""; // up to the last whole character
  for (let at = start + 1; at < text.length; ) {
    const next = text.charAt(at);
    if (next === '"') return { shown: { value: JSON.parse(`"${json}"`) }, end: at + 1 };
    if (next < " ") throw new Bad(at);
    let length = 1;
    if (next === "\\") {
      const kind = text.charAt(at + 1);
      if (kind === "") break;
      if (!'"\\/bfnrtu'.includes(kind)) throw new Bad(at + 1);
      length = kind === "u" ? 6 : 2;
      for (let digit = at + 2; digit < Math.min(at + length, text.length); digit++) {
        if (!/[\da-fA-F]/.test(text.charAt(digit))) throw new Bad(digit);
      }
      if (at + length > text.length) break;
    }
    json += text.slice(at, at + length);
    at += length;
  }
  const value: string = JSON.parse(`"${json}"`);
  return { shown: { value: value.replace(/[\ud800-\udbff]$/, "") } };
}

function readWord(text: string, at: number, word: string): Read {
  for (let index = 0; index < word.length; index++) {
    if (at + index >= text.length) return {};
    if (text.charAt(at + index) !== word.charAt(index)) throw new Bad(at + index);
  }
  return { shown: { value: JSON.parse(word) }, end: at + word.length };
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const BEGINNING_OF_A_NUMBER = /-?((0|[1-9]\d*)(\.(\d+([eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?/y;

function readNumber(text: string, start: number): Read {
  BEGINNING_OF_A_NUMBER.lastIndex = start;
  const end = start + (BEGINNING_OF_A_NUMBER.exec(text)?.[0].length ?? 0);
  if (end >= text.length) return {};
  if (!NUMBER.test(text.slice(start, end)) || !" \t\n\r,]}".includes(text.charAt(end))) throw new Bad(end);
  return { shown: { value: JSON.parse(text.slice(start, end)) }, end };
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}
