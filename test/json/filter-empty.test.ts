import { filterEmpty } from "sluice";
import { describe, expect, test } from "vitest";
import { runHearts, valuesOf } from "../support/run.ts";

const kept = (frames: readonly string[], options?: Parameters<typeof filterEmpty>[0]): unknown[] =>
  valuesOf(filterEmpty<string>(options), frames);

const white = [" ", "\t", "\n", "\r\n", " \t\r\n "];
const controls = ["\u0000", "\u0007", "\u001f\u0001", "\u007f", "\u0085", " \u0000 "];

test("frames that hold nothing to parse are dropped", () => {
  expect(kept(["", ...white, ...controls])).toEqual([]);
});

test("frames that hold something pass as they are", () => {
  const frames = ['{"a":1}', " 1 ", "\u0000x\u0000", "[DONE", "[DONE]!", "[done]", "0", '""', "é", "\u200b"];
  expect(kept(frames)).toEqual(frames);
});

test("events pass as they are, and are dropped for their data", () => {
  const event = (data: string): object => ({ event: "ping", data, id: "1" });
  const frames = [event("1"), event(""), event("[DONE]"), event("2")];
  const passed = valuesOf(filterEmpty(), frames);
  expect(passed).toEqual([event("1"), event("2")]);
  expect(passed[0]).toBe(frames[0]);
});

describe("sentinels", () => {
  test("are [DONE] unless told otherwise, white space around them or not", () => {
    expect(kept(["[DONE]", " [DONE]", "[DONE]\r\n", "a"])).toEqual(["a"]);
  });

  test("can be others, several, or none", () => {
    expect(kept(["[DONE]", "END", "STOP", "a"], { sentinels: ["END", "STOP"] })).toEqual(["[DONE]", "a"]);
    expect(kept(["END", " END\n", "a"], { sentinels: [" END "] })).toEqual(["a"]);
    expect(kept(["[DONE]", ""], { sentinels: [] })).toEqual(["[DONE]"]);
  });

  test("do not end the stream: what follows passes", () => {
    expect(kept(["a", "[DONE]", "b"])).toEqual(["a", "b"]);
  });

  test("required, they may stand anywhere, and more than once", () => {
    for (const frames of [["[DONE]"], ["a", "[DONE]"], ["[DONE]", "a"], ["[DONE]", "[DONE]"]]) {
      expect(runHearts(() => [filterEmpty({ requireSentinel: true })], { chunks: frames }).transcript.ended).toBe(true);
    }
  });

  test("required and missing, the end is a truncated error that names them", () => {
    const stages = () => [filterEmpty({ requireSentinel: true, sentinels: ["END", "STOP"] })];
    expect(runHearts(stages, { chunks: ["ab", "", "[DONE]"] }).transcript).toMatchObject({
      values: ['"ab"', '"[DONE]"'],
      ended: false,
      error: { code: "truncated", offset: 8, raw: "", message: expect.stringMatching(/"END".*"STOP"/) },
    });
  });
});

test('whitespace: "keep" passes JSON white space, and never empty or control-only frames', () => {
  expect(kept([...white, "", "a"], { whitespace: "keep" })).toEqual([...white, "a"]);
  expect(kept(["", "\u00a0", "\u2003", ...controls, "[DONE]"], { whitespace: "keep" })).toEqual([]);
});

describe("a TypeError says what is accepted", () => {
  test("for frames", () => {
    for (const frame of [null, 1, {}, { data: null }, new Uint8Array(1)]) {
      expect(() => valuesOf(filterEmpty(), [frame])).toThrow(TypeError);
      expect(() => valuesOf(filterEmpty(), [frame])).toThrow(/filterEmpty takes strings or events with data; got /);
    }
  });

  test("for options", () => {
    const wrong: [options: object, says: RegExp][] = [
      [{ sentinels: "[DONE]" }, /sentinels must be an array of strings/],
      [{ sentinels: [1] }, /sentinels must be an array of strings/],
      [{ whitespace: "trim" }, /whitespace must be "drop" or "keep"; got "trim"/],
    ];
    for (const [options, says] of wrong) {
      expect(() => filterEmpty(options)).toThrow(TypeError);
      expect(() => filterEmpty(options)).toThrow(says);
    }
  });
});
