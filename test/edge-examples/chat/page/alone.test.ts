import { expect, test } from "vitest";
import { parsesAlone } from "../../../../edge-examples/chat/page/reading/alone.ts";

test.each<[chunk: string, parses: boolean]>([
  ['data: {"choices":[]}\n\n', true],
  ['{"choices":[]}', true],
  ['data: {"choices":[]}\n\ndata: {"choices":[]}\n\n', false],
  ['data: {"choices"', false],
  ["data: [DONE]\n\n", false],
  ["data: 1", false],
  ["null", false],
  ["", false],
  [`data: "${"x".repeat(20_000)}"`, false],
])("%j by itself: %s", (chunk, parses) => {
  expect(parsesAlone(new TextEncoder().encode(chunk))).toBe(parses);
});
