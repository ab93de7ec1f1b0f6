import { expect, test } from "vitest";
import { exportNames } from "../support/watched.ts";
import { coverage } from "./coverage.ts";

/** The exports that no law covers. */
function uncovered(names: readonly string[]): string[] {
  const covered = new Set<string>(Object.values(coverage).flat());
  return names.filter((name) => !covered.has(name));
}

test("every public export is covered by a law", () => {
  expect(uncovered(exportNames)).toEqual([]);
});

test("an export that no law covers is noticed", () => {
  expect(uncovered([...exportNames, "brandNew"])).toEqual(["brandNew"]);
});
