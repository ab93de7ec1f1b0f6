import { flow, SluiceError } from "sluice";
import { PartialJSONError, partialJSON } from "sluice/json";
import { describe, expect, test } from "vitest";
import { characters, give } from "./hearts.ts";

describe("errors", () => {
  test("a malformed character is an error at once, at its offset, behind what came before it", () => {
    const { values, counts, error } = give(partialJSON(), ['{"a":1,"b":tr', "u!", "e}"]);
    expect(values).toStrictEqual([{ value: { a: 1 }, done: false }]);
    expect(counts).toStrictEqual([1]);
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ code: "malformed", offset: 14, raw: '{"a":1,"b":tru!' });
  });

  test("the end in the middle is an error with the last snapshot", () => {
    const { values, error } = give(partialJSON(), ['{"a":"b', "c"]);
    expect(error).toBeInstanceOf(PartialJSONError);
    expect(error).toMatchObject({ code: "truncated", offset: 8, raw: '{"a":"bc' });
    expect(error instanceof PartialJSONError && error.snapshot).toBe(values.at(-1));
  });

  test("nothing at all is an error, without a snapshot", () => {
    for (const chunks of [[], [""], [" \n", "\t"]]) {
      const { values, error } = give(partialJSON(), chunks);
      expect(values).toStrictEqual([]);
      expect(error).toMatchObject({ code: "truncated", raw: "", snapshot: undefined });
    }
  });

  test("there is exactly one value: behind it there may be white space", () => {
    expect(give(partialJSON(), ["[1]", " \n", "\t "])).toMatchObject({ ended: true, counts: [1, 1, 1, 1] });
    for (const chunks of [['{"a":1} x'], ["{", '"a":1}', " ", "x"], characters('{"a":1} x')]) {
      const { values, error } = give(partialJSON(), chunks);
      expect(values.at(-1)).toStrictEqual({ value: { a: 1 }, done: true });
      expect(error).toMatchObject({ code: "malformed", offset: 8, raw: "x", snapshot: { done: true } });
    }
    expect(give(partialJSON(), ["{}{}"]).error).toMatchObject({ code: "malformed", offset: 2 });
  });

  test("a chunk that is no text is a TypeError that says what to do", () => {
    const bytes: unknown = new Uint8Array(1);
    const sink = partialJSON().connect({ push: () => undefined, end: () => undefined });
    expect(() => sink.push(bytes as string)).toThrow(
      /partialJSON takes strings; got .*Uint8Array.: put decode\(\) before it/,
    );
  });

  test("wrong options are TypeErrors at the call", () => {
    const loose: (options: object) => unknown = partialJSON;
    expect(() => loose({ maxDepth: 0 })).toThrow(TypeError);
    expect(() => loose({ maxValueLength: "1" })).toThrow(TypeError);
    expect(() => loose({ controlCharacters: "keep" })).toThrow(TypeError);
    expect(() => loose({ changes: true })).toThrow(/^changes must be listChanges; got true$/);
  });

  test("what came before an error is delivered by flow, then the error", async () => {
    const values: unknown[] = [];
    const reading = async () => {
      for await (const { value } of flow(['{"a":1,', '"b":2,x'], partialJSON())) values.push(value);
    };
    await expect(reading()).rejects.toMatchObject({ code: "malformed", offset: 13 });
    expect(values).toStrictEqual([{ a: 1 }, { a: 1, b: 2 }]);
  });
});

describe("limits", () => {
  test("a value may have maxValueLength characters and no more, white space around it apart", () => {
    for (const text of ["[1,2]", '"abc"', "12345", "true "]) {
      const maxValueLength = text.trim().length;
      for (const chunks of [[`  ${text}  `], characters(`  ${text}  `)]) {
        expect(give(partialJSON({ maxValueLength }), chunks)).toMatchObject({ ended: true, error: undefined });
        const { error, values } = give(partialJSON({ maxValueLength: maxValueLength - 1 }), chunks);
        expect(error).toMatchObject({ code: "too-long", offset: 2, raw: text.trim() });
        expect(values.some(({ done }) => done)).toBe(false);
      }
    }
  });

  test("containers may nest maxDepth deep and no deeper", () => {
    expect(give(partialJSON({ maxDepth: 2 }), ["[[]]"]).ended).toBe(true);
    expect(give(partialJSON({ maxDepth: 2 }), ['[{"a":', "[1"]).error).toMatchObject({
      code: "too-deep",
      offset: 6,
      raw: '[{"a":[',
    });
    expect(give(partialJSON(), ["[".repeat(1001)]).error).toMatchObject({ code: "too-deep", offset: 1000 });
  });

  test("depth costs no stack", () => {
    const depth = 20_000;
    const text = "[".repeat(depth) + "]".repeat(depth);
    expect(give(partialJSON({ maxDepth: Number.POSITIVE_INFINITY }), [text]).ended).toBe(true);
  });
});

describe("control characters", () => {
  test("are kept inside strings and dropped around the value", () => {
    expect(give(partialJSON(), ['\u0000{"a":"b\u0001', '\u001f"}\u0007']).values.at(-1)).toStrictEqual({
      value: { a: "b\u0001\u001f" },
      done: true,
    });
  });

  test("or refused", () => {
    const reject = { controlCharacters: "reject" } as const;
    expect(give(partialJSON(reject), ['{"a":"b\u0001"}']).error).toMatchObject({ code: "malformed", offset: 7 });
    expect(give(partialJSON(reject), ["\u0000{}"]).error).toMatchObject({ code: "malformed", offset: 0 });
    expect(give(partialJSON(reject), ["{}\u0000"]).error).toMatchObject({ code: "malformed", offset: 2 });
  });
});

describe("done", () => {
  test("comes with the chunk that completes the value", () => {
    const lasts: [string[], number][] = [
      [["[1", "]", " "], 2],
      [['"a', '"', " "], 2],
      [["tru", "e", " "], 1],
      [["1", "2", " "], 1],
    ];
    for (const [chunks, count] of lasts) {
      const { values } = give(partialJSON(), chunks);
      expect(values.length).toBe(count);
      expect(values.map(({ done }) => done)).toStrictEqual([...Array(count - 1).fill(false), true]);
    }
  });

  test("a number at the top level is done at the end of the stream, if nothing else says where it ends", () => {
    expect(give(partialJSON(), ["1", "2"])).toMatchObject({ values: [{ value: 12, done: true }], counts: [0, 0, 1] });
  });

  test("a container that only closes is the same object", () => {
    const { values } = give(partialJSON(), ['{"a":[{"b":"c"', "}", "]", "}"]);
    expect(values.map(({ done }) => done)).toStrictEqual([false, true]);
    expect(values[1]?.value).toBe(values[0]?.value);
  });
});

test("a stage can be connected any number of times", () => {
  const stage = partialJSON();
  expect(give(stage, ["[1"]).values).toStrictEqual(give(stage, ["[1"]).values);
});
