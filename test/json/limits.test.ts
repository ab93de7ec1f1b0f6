import { bufferParse } from "sluice";
import { describe, expect, test } from "vitest";
import { readings } from "../support/reading.ts";
import { valuesOf } from "../support/run.ts";
import { thrownBy } from "../support/thrown.ts";

const nested = (depth: number, inside = ""): string => "[".repeat(depth) + inside + "]".repeat(depth);

function depthOf(value: unknown): number {
  let depth = 0;
  for (let inner = value; Array.isArray(inner); [inner] = inner) depth++;
  return depth;
}

describe("maxDepth", () => {
  test("is 1,000 unless told otherwise, on the fast path, the slow one and without frames", () => {
    for (const text of [nested(1_000), `${nested(1_000)} `, nested(1_000, '"\u0001"'), nested(999, '{"a":1}')]) {
      expect(readings([text]).length).toBe(1);
      expect(readings([text], { framed: false })).toEqual(readings([text]));
      expect(depthOf(readings([text])[0])).toBeGreaterThan(998);
    }
    for (const text of [nested(1_001), `${nested(1_001)} `, nested(1_001, '"\u0001"'), nested(1_000, '{"a":1}')]) {
      expect(readings([text])).toEqual([["too-deep", 1_000, text]]);
      expect(readings([...text], { framed: false })).toEqual([["too-deep", 1_000, text.slice(0, 1_001)]]);
    }
  });

  test("counts what is open, not what there is", () => {
    const flat = `[${Array.from({ length: 3_000 }, () => "[{}]").join(",")}]`;
    expect(readings([flat], { maxDepth: 3 })).toEqual([JSON.parse(flat)]);
    expect(readings([`"${"[".repeat(5_000)}"`, `["${"{".repeat(5_000)}"]`], { maxDepth: 1 }).length).toBe(2);
  });

  test("its error says which limit and where, and reading goes on", () => {
    expect(readings(["[[[1]]]", '{"a":1}'], { maxDepth: 2 })).toEqual([["too-deep", 2, "[[[1]]]"], { a: 1 }]);
    expect(thrownBy(() => valuesOf(bufferParse({ maxDepth: 2 }), ["[[[1]]]"]))).toMatchObject({
      message: expect.stringMatching(/maxDepth \(2\) at offset 2/),
    });
  });

  test("over several frames, its raw goes to the end of the frame that passed it", () => {
    expect(readings(["[[", " [1]", '{"a":1}'], { maxDepth: 2 })).toEqual([["too-deep", 3, "[[ [1]"], [1], { a: 1 }]);
  });

  test("takes Infinity: depth costs no stack", () => {
    const depth = 200_000;
    const maxDepth = Number.POSITIVE_INFINITY;
    const text = nested(depth);
    const halves = [text.slice(0, depth - 7), text.slice(depth - 7)];
    for (const framed of [true, false]) {
      for (const frames of [[text], halves, [`${text} `]]) {
        const values = valuesOf(bufferParse({ framed, maxDepth }), frames);
        expect(values.map(depthOf)).toEqual([depth]);
      }
    }
  });

  test("takes Infinity with bigints too", () => {
    const depth = 200_000;
    const text = nested(depth, "12345678901234567890");
    const values = valuesOf(bufferParse({ maxDepth: Number.POSITIVE_INFINITY, integers: "bigint" }), [text]);
    expect(values.map(depthOf)).toEqual([depth]);
  });
});

describe("maxValueLength", () => {
  test("allows exactly as many characters, white space around the value not counted", () => {
    for (const text of ['{"a":12}', '"123456"', "12345678", `   {"a":12}   `, '"12345\u0001"']) {
      expect(readings([text], { maxValueLength: 8 }).length).toBe(1);
      expect(readings([text], { maxValueLength: 8 })[0]).not.toEqual(expect.arrayContaining(["too-long"]));
      expect(readings([text], { maxValueLength: 7 })).toEqual([
        ["too-long", text.startsWith(" ") ? 3 : 0, text.trimStart()],
      ]);
    }
  });

  test("counts each value alone", () => {
    expect(readings(['{"a":1}{"b":2} [3]', '{"c":', "4}"], { maxValueLength: 7 })).toEqual([
      { a: 1 },
      { b: 2 },
      [3],
      { c: 4 },
    ]);
  });

  test("its error says which limit, where the value began, and reading goes on", () => {
    expect(readings([' "123456789"', '{"a":1}'], { maxValueLength: 8 })).toEqual([
      ["too-long", 1, '"123456789"'],
      { a: 1 },
    ]);
    expect(thrownBy(() => valuesOf(bufferParse({ maxValueLength: 8 }), ["[1,2,3,4,5]"]))).toMatchObject({
      code: "too-long",
      message: expect.stringMatching(/offset 0 is longer than maxValueLength \(8\)/),
    });
  });

  test("without frames, raw is the first characters up to the one too many, for every cut", () => {
    for (const chunks of [['[] "123456789"'], [...'[] "123456789"'], ['[] "1234567', '89"']]) {
      expect(readings(chunks, { framed: false, maxValueLength: 8 })).toEqual([[], ["too-long", 3, '"12345678']]);
    }
  });

  test("over several frames, its raw goes to the end of the frame that passed it, of which no part is read as something else", () => {
    const limited = { maxValueLength: 8 };
    expect(readings(['["1234', "5678", '{"a":1}'], limited)).toEqual([["too-long", 0, '["12345678'], { a: 1 }]);
    expect(readings(['["123', "45", '6789"] 7', '{"b":2}'], limited)).toEqual([
      ["too-long", 0, '["123456789"] 7'],
      { b: 2 },
    ]);
  });

  test("over several frames, those that are whole objects or arrays by themselves are delivered after the report", () => {
    expect(readings(["[", '{"a":1}', ",", "[2]", '{"b":3}'], { maxValueLength: 9 })).toEqual([
      ["too-long", 0, '[{"a":1},[2]'],
      { a: 1 },
      [2],
      { b: 3 },
    ]);
  });

  test("takes Infinity, and is 32 Mi characters unless told otherwise", () => {
    const half = "x".repeat(2 ** 24);
    const feed = (maxValueLength?: number): (() => void) => {
      const sink = bufferParse(maxValueLength === undefined ? {} : { maxValueLength }).connect({ push() {}, end() {} });
      return () => {
        for (const part of ['"', half, half]) sink.push(part);
      };
    };
    expect(feed(Number.POSITIVE_INFINITY)).not.toThrow();
    expect(thrownBy(feed())).toMatchObject({ code: "too-long", offset: 0 });
  });
});
