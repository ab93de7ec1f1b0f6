// A tool's deltas carry snapshots of its arguments when a stage is brought for them: `partialJSON`, or any of that shape.
import { stage } from "sluice";
import { expect, test } from "vitest";
import { chunk, DONE, deltasOf, ofType, stop } from "./helpers.ts";

/** A stand-in: what has come of the text so far; a "!" is no JSON to it, and a chunk of nothing changes nothing. */
const soFar = () =>
  stage<string, { value: string; done: boolean }>((out) => {
    let text = "";
    return {
      push(part) {
        if (part.includes("!")) throw new Error("not JSON");
        text += part;
        if (part !== "") out.push({ value: text, done: text.endsWith("}") });
      },
      end: () => out.end(),
    };
  });

const call = (index: number, text: string): string => chunk({ tool_calls: [{ index, function: { arguments: text } }] });

test("each call has its own, and a delta that changes nothing has none", async () => {
  const body = call(0, "") + call(0, "{") + call(1, "{x") + call(0, "}") + stop("tool_calls") + DONE;
  const deltas = ofType(await deltasOf(body, { snapshots: soFar }), "tool");
  expect(deltas.map(({ key, snapshot }) => [key, snapshot])).toEqual([
    ["0", undefined],
    ["0", { value: "{", done: false }],
    ["1", { value: "{x", done: false }],
    ["0", { value: "{}", done: true }],
  ]);
});

test("arguments that are no JSON have no more of them, and nothing else changes", async () => {
  const deltas = await deltasOf(call(0, "{") + call(0, "!") + call(0, "}") + stop() + DONE, { snapshots: soFar });
  expect(ofType(deltas, "tool").map((delta) => "snapshot" in delta)).toEqual([true, false, false]);
  expect(deltas.at(-1)).toMatchObject({ outcome: "complete" });
});

test("without the option there are none", async () => {
  expect(ofType(await deltasOf(call(0, "{") + stop()), "tool").some((delta) => "snapshot" in delta)).toBe(false);
});
