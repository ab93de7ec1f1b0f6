import { type BaseIssue, getDotPath } from "valibot";

/** What is wrong, and where, without what was received instead: that may be a secret. */
export function explain(issue: BaseIssue<unknown>): { path: string; problem: string } {
  return { path: getDotPath(issue) ?? "all of it", problem: problemOf(issue) };
}

function problemOf({ expected, received }: BaseIssue<unknown>): string {
  if (expected === "never") return "is not supported";
  return received === "undefined" ? "is missing" : `must be ${expected ?? "something else"}`;
}
