// What lineResponse sends: a line of JSON for each value, and lines that say how the stream ended.
import fc from "fast-check";
import { chat } from "sluice/chat";
import { lineResponse, lineStream } from "sluice/serve";
import { expect, test } from "vitest";
import { countedStream } from "../support/sources.ts";
import { chunksOf, valuesOfLines } from "./support.ts";

const whole = { type: "end", outcome: "complete" };

test("its headers", () => {
  expect(Object.fromEntries(lineResponse([]).headers)).toEqual({
    "content-type": "application/x-ndjson; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
});

test("any value of JSON comes back, and the last line says that they are all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue({ stringUnit: "binary" })), async (values) => {
      const sent = JSON.parse(JSON.stringify(values)) as unknown[];
      expect(await valuesOfLines(lineResponse(values))).toEqual([...sent, whole]);
    }),
  );
});

test("a source that fails, and a value that cannot be written, say so", async () => {
  const failed = [
    { type: "error", message: "The stream failed" },
    { type: "end", outcome: "error" },
  ];
  const broken = countedStream([1], { fails: new Error("secret") });
  expect(await valuesOfLines(lineResponse(broken.stream))).toEqual([1, ...failed]);
  const source = countedStream([1, undefined, 2]);
  expect(await valuesOfLines(lineResponse(source.stream))).toEqual([1, ...failed]);
  expect(source.cancels.length).toBe(1);
});

test("an answer's lines end in its outcome", async () => {
  const cut = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n';
  expect(await valuesOfLines(lineResponse(chat(cut), { onError: ({ outcome }) => `It is ${outcome}` }))).toEqual([
    { type: "start" },
    { type: "text", text: "Hi", choice: 0 },
    { type: "error", message: "It is truncated" },
    { type: "end", outcome: "truncated" },
  ]);
});

test("lineStream gives the body alone, in one chunk if it is all there", async () => {
  expect(await chunksOf(lineStream([1, "a\nb"]))).toEqual(['1\n"a\\nb"\n{"type":"end","outcome":"complete"}\n']);
});
