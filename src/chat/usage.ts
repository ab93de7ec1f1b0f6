import type { Usage } from "./delta.js";
import { isObject } from "./values.js";

/** The names that providers have for a count, with `/` behind the name of what holds it. */
const NAMES: readonly (readonly [Exclude<keyof Usage, "raw">, RegExp])[] = [
  ["input", /^(tokens\/)?(total_)?(prompt|input)(_?(text)?_?tokens?(_?count)?|_eval_count)$/i],
  [
    "output",
    /^(tokens\/)?(total_)?(completion|output|candidates|generation|generated)_?tokens?(_?count)?$|^eval_count$/i,
  ],
  ["reasoning", /(reasoning|thinking|thoughts?)_?tokens?(_?count)?$/i],
  ["cached", /(^|[/_])cached?_?(hit|content|(read_?)?(input)?)_?tokens?(_?count)?$/i],
  ["total", /^total_?tokens?(_?count)?$/i],
];

/** The usage so far with what `raw` adds: field by field, and a zero never overwrites. */
export function mergeUsage(before: Usage | undefined, raw: unknown): Usage {
  const usage: Usage = { ...before, raw };
  count(raw, "");

  function count(container: unknown, path: string): void {
    if (!isObject(container)) return;
    for (const [name, value] of Object.entries(container)) {
      if (path === "") count(value, `${name}/`);
      if (typeof value !== "number") continue;
      for (const [field, names] of NAMES) {
        if (names.test(path + name) && (value !== 0 || usage[field] === undefined)) usage[field] = value;
      }
    }
  }

  return usage;
}
