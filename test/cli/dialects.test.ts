import * as face from "sluice/chat";
import { expect, test } from "vitest";
import { DIALECTS } from "../../src/cli/dialects.ts";

test("the command knows every dialect of the house", () => {
  const exported = Object.values(face).filter((each) => typeof each === "object" && "knows" in each);
  expect(new Set<unknown>(DIALECTS)).toEqual(new Set(exported));
  expect(DIALECTS).toHaveLength(exported.length);
});
