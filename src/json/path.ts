import { check } from "../options.js";

/** Leads to every member of an object or element of an array. */
export const ANY: unique symbol = Symbol("*");

/** From a container to what is in it: by key, by index, or to everything. */
export type Step = string | number | typeof ANY;

// What a path is made of, each read where the one before ended.
const ROOT = /\$/y;
const DOT = /\./y;
const NAME = /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y;
const STAR = /\*/y;
const OPEN = /\[/y;
const CLOSE = /\]/y;
const INDEX = /0|[1-9]\d*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: which JSON strings do not have
const STRING = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/y;

/**
 * The steps of a path: `$`, `.name`, `["name"]`, `[n]`, `[*]`, `.*`.
 *
 * @throws TypeError that says what was expected, and points at the character where it was
 */
export function parsePath(path: string): Step[] {
  check("A path", path, typeof path === "string", "a string");
  let at = 0;

  function take(token: RegExp): string | undefined {
    token.lastIndex = at;
    const [text] = token.exec(path) ?? [];
    if (text !== undefined) at += text.length;
    return text;
  }

  function expected(what: string): TypeError {
    const got = at < path.length ? JSON.stringify(path.charAt(at)) : "its end";
    const pointer = `  ${path}\n  ${" ".repeat(at)}^`;
    return new TypeError(`Bad path at character ${at}: expected ${what}, got ${got}\n${pointer}`);
  }

  function afterDot(): Step {
    if (take(STAR) !== undefined) return ANY;
    const name = take(NAME);
    if (name === undefined) throw expected("a name or *");
    return name;
  }

  function inBrackets(): Step {
    if (take(STAR) !== undefined) return ANY;
    const index = take(INDEX);
    if (index !== undefined) return Number(index);
    const string = take(STRING);
    if (string === undefined) throw expected("an index from 0 on, * or a name in double quotes");
    const name: string = JSON.parse(string);
    return name;
  }

  if (take(ROOT) === undefined) throw expected("$");
  const steps: Step[] = [];
  while (at < path.length) {
    if (take(DOT) !== undefined) steps.push(afterDot());
    else if (take(OPEN) === undefined) throw expected(". or [");
    else {
      steps.push(inBrackets());
      if (take(CLOSE) === undefined) throw expected("]");
    }
  }
  return steps;
}
