// Whatever comes: one end, last, no throw, nothing left unhandled, and the same for every cut.
import { chat } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { bytesOf, concat, cut, deltasOf, endOf, joined } from "./helpers.ts";
import { transcripts } from "./transcripts.ts";

/** A small seeded generator of integers below a bound. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  "",
  "x",
  [],
  [null],
  [[]],
  {},
  { type: "error" },
  { __proto__: 1 },
];

/** The value with something in it replaced by something strange. */
function spoilt(value: unknown, roll: (below: number) => number): unknown {
  if (typeof value !== "object" || value === null || roll(6) === 0) return STRANGE[roll(STRANGE.length)];
  const keys = Object.keys(value);
  const key = keys[roll(keys.length)];
  if (key === undefined) return STRANGE[roll(STRANGE.length)];
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = spoilt(copy[key], roll);
  return copy;
}

describe.for(transcripts.map((transcript) => [transcript.name, transcript] as const))("%s", ([, transcript]) => {
  test("with bytes changed, lost and doubled", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const roll = dice(seed);
      let bytes = concat(transcript.frames);
      for (let change = 0; change <= roll(3); change++) {
        const at = roll(bytes.length);
        const inserted = new Uint8Array(Array.from({ length: roll(4) }, () => roll(256)));
        bytes = concat([bytes.subarray(0, at), inserted, bytes.subarray(at + roll(4))]);
      }
      const whole = await deltasOf([bytes], transcript.options);
      endOf(whole);
      expect(joined(await deltasOf(cut(bytes, 5), transcript.options)), `seed ${seed}`).toEqual(joined(whole));
    }
  });

  test("with values of other types than they should be", async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const roll = dice(seed);
      const frames = transcript.frames.map((frame) => {
        if (typeof frame !== "string" || roll(3) !== 0) return frame;
        const [, before = "", json = "", after = ""] = /^([^{]*)(\{.*\})([^}]*)$/s.exec(frame) ?? [];
        return json === "" ? frame : before + JSON.stringify(spoilt(JSON.parse(json), roll)) + after;
      });
      const deltas = await deltasOf([concat(frames)], transcript.options);
      endOf(deltas);
      for (const delta of deltas) {
        if ("text" in delta) expect(typeof delta.text).toBe("string");
        if (delta.type === "tool") expect([typeof delta.key, typeof delta.arguments]).toEqual(["string", "string"]);
      }
    }
  });
});

test("random bytes", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const roll = dice(seed);
    const bytes = new Uint8Array(Array.from({ length: roll(200) }, () => roll(256)));
    expect(endOf(await deltasOf([bytes])).outcome).not.toBe("complete");
  }
});

test("a provider cannot reach the prototypes of objects", async () => {
  const part = (partialArgs: object[], more: object = {}) =>
    `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ functionCall: { ...more, partialArgs, willContinue: true } }] } }] })}\n\n`;
  const body =
    part([], { name: "f" }) +
    part([
      { jsonPath: "$.__proto__.polluted", stringValue: "yes" },
      { jsonPath: "$.constructor.prototype.polluted", stringValue: "yes" },
    ]);
  await chat(body).message();
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

test("a path of arguments cannot make a list longer than by its next element", async () => {
  const parts = [
    { jsonPath: "$.list[0]", stringValue: "a" },
    { jsonPath: "$.list[4000000000]", stringValue: "far" },
    { jsonPath: "$.list.length", numberValue: 4_000_000_000 },
    { jsonPath: "$.list.constructor.prototype.polluted", stringValue: "yes" },
    { jsonPath: "$.list[1].deep['key']", boolValue: true },
  ];
  const part = { functionCall: { name: "f", partialArgs: parts } };
  const open = { functionCall: { name: "f", willContinue: true } };
  const rest = { functionCall: { partialArgs: parts } };
  const body = `data: ${JSON.stringify({ candidates: [{ content: { parts: [open, rest, part] }, finishReason: "STOP" }] })}\n\n`;
  const { toolCalls } = await chat(body).message();
  expect(toolCalls.map(({ input }) => input)).toEqual([{ list: ["a", { deep: { key: true } }] }, {}]);
  expect("polluted" in Array.prototype).toBe(false);
});

test("what nobody reads leaves nothing unhandled", async () => {
  chat(Promise.reject(new Error("unheard"))); // the runner fails on what is unhandled
  chat(new ReadableStream({ start: (controller) => controller.error(new Error("unheard")) }));
  const button = new AbortController();
  chat(new ReadableStream({ cancel: () => Promise.reject(new Error("unheard")) }), { signal: button.signal });
  button.abort();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(bytesOf("").length).toBe(0);
});
