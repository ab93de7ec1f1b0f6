import { expect } from "vitest";
import { canonical } from "./transcript.ts";

/** `expect(got).toEqual(expected)` for loops of many thousands: the slow matcher only runs to say what is different. */
export function expectSame(got: unknown, expected: unknown, message = ""): void {
  if (canonical(got) === canonical(expected)) return;
  expect(got, message).toEqual(expected);
  expect.fail(`${message}: expected ${canonical(expected)}, got ${canonical(got)}`); // where toEqual sees no difference: key order, -0
}
