import type { Transcript } from "../conformance/case.ts";

/** The first case in which two runs differ, its lines side by side from the first that does; undefined if none does. */
export function firstDifference(
  [nameA, a]: readonly [string, readonly Transcript[]],
  [nameB, b]: readonly [string, readonly Transcript[]],
): string | undefined {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    if (left?.name === right?.name && left?.text === right?.text) continue;
    const title = `first differing case: ${left?.name ?? "none"}${left?.name === right?.name ? "" : ` | ${right?.name ?? "none"}`}`;
    return [title, ...sideBySide([nameA, left?.text ?? ""], [nameB, right?.text ?? ""])].join("\n");
  }
  return undefined;
}

const WIDTH = 72;
const LINES = 6;

function sideBySide([nameA, a]: readonly [string, string], [nameB, b]: readonly [string, string]): string[] {
  const [left, right] = [a.split("\n"), b.split("\n")];
  const length = Math.max(left.length, right.length);
  let first = 0;
  while (first < length && left[first] === right[first]) first++;
  const rows = [`  ${nameA.padEnd(WIDTH)} | ${nameB}`];
  for (let index = Math.max(0, first - 1); index < Math.min(first + LINES, length); index++) {
    const [one = "", other = ""] = [left[index], right[index]];
    const from = Math.max(0, differsAt(one, other) - WIDTH / 2); // long lines: the place where they differ
    const mark = one === other ? " " : "≠";
    rows.push(`${mark} ${shown(one, from).padEnd(WIDTH)} | ${shown(other, from)}`);
  }
  return rows;
}

const shown = (line: string, from: number): string => `${from > 0 ? "…" : ""}${line.slice(from)}`.slice(0, WIDTH);

function differsAt(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  return index === a.length && index === b.length ? 0 : index;
}
