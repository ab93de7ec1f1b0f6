import fc from "fast-check";
import { bufferParse, decode, encodeLines, splitLines } from "sluice";
import { describe, expect, test } from "vitest";
import { jsonValue } from "../support/arbitraries.ts";
import { valuesOf } from "../support/run.ts";
import { thrownBy } from "../support/thrown.ts";

const lines = (text: string, maxLineLength?: number): unknown[] =>
  valuesOf(splitLines(maxLineLength === undefined ? {} : { maxLineLength }), [text]);

describe("splitLines", () => {
  test("lines end in LF or CRLF; a last one needs no end; empty ones count", () => {
    expect(lines("a\nb\r\n\n\r\nc")).toEqual(["a", "b", "", "", "c"]);
    expect(lines("a\n")).toEqual(["a"]);
    expect(lines("")).toEqual([]);
    expect(lines("\n")).toEqual([""]);
  });

  test("a lone CR, U+2028, U+2029 and their like end no line, so that JSON strings survive", () => {
    expect(lines("a\rb\u2028c\u2029d\u0085e\u000bf\u000cg\n")).toEqual(["a\rb\u2028c\u2029d\u0085e\u000bf\u000cg"]);
    expect(lines("a\r\r\nb")).toEqual(["a\r", "b"]);
  });

  test("maxLineLength allows exactly as many characters, line end not counted", () => {
    expect(lines("1234\n1234\r\n1234", 4).length).toBe(3);
    expect(lines("x".repeat(1_000), Number.POSITIVE_INFINITY).length).toBe(1);
  });

  test("a longer line is an error that says where it began and what it held up to the first character too many", () => {
    expect(thrownBy(() => lines("12\n12345678\n", 4))).toMatchObject({
      code: "too-long",
      offset: 3,
      raw: "12345",
      message: expect.stringContaining("maxLineLength (4)"),
    });
    expect(thrownBy(() => lines("1\r\n\n2\r\n12345", 4))).toMatchObject({ offset: 7, raw: "12345" });
    expect(thrownBy(() => lines("12345\r\n", 4))).toMatchObject({ offset: 0, raw: "12345" });
  });

  test("the lines before a line too long are delivered", () => {
    const got: string[] = [];
    const sink = splitLines({ maxLineLength: 3 }).connect({ push: (line) => got.push(line), end() {} });
    expect(() => sink.push("a\nb\n1234\nc\n")).toThrow();
    expect(got).toEqual(["a", "b"]);
  });
});

describe("encodeLines", () => {
  test("writes a line of JSON for each value, and nothing else", () => {
    expect(valuesOf([encodeLines(), decode()], [{ a: "x\ny" }, [1], "é", null, 0]).join("")).toBe(
      '{"a":"x\\ny"}\n[1]\n"é"\nnull\n0\n',
    );
  });

  test("what it writes is read back", () => {
    fc.assert(
      fc.property(fc.array(jsonValue), (values) => {
        const read = valuesOf([encodeLines(), decode(), splitLines(), bufferParse()], values);
        expect(read.map((value) => JSON.stringify(value))).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });

  test("takes another way to write a value", () => {
    const stringify = (value: unknown): string => `<${String(value)}>`;
    expect(valuesOf([encodeLines({ stringify }), decode()], [1, 2]).join("")).toBe("<1>\n<2>\n");
  });

  test("refuses what is no JSON and what would forge a line, with a TypeError that says so", () => {
    for (const value of [undefined, () => {}, Symbol("s")]) {
      expect(() => valuesOf(encodeLines(), [value])).toThrow(TypeError);
      expect(() => valuesOf(encodeLines(), [value])).toThrow(/cannot write/);
    }
    for (const line of ["a\nb", "a\rb", "a\r\n"]) {
      expect(() => valuesOf(encodeLines({ stringify: () => line }), [1])).toThrow(TypeError);
      expect(() => valuesOf(encodeLines({ stringify: () => line }), [1])).toThrow(/line end/);
    }
    expect(() => valuesOf(encodeLines(), [1n])).toThrow(TypeError);
    const options: object = { stringify: "JSON" };
    expect(() => encodeLines(options)).toThrow(/stringify must be a function/);
  });
});

test("chunks that are no text are a TypeError that says what is accepted", () => {
  for (const chunk of [1, null, {}, new Uint8Array(1)]) {
    expect(() => valuesOf(splitLines(), [chunk])).toThrow(TypeError);
    expect(() => valuesOf(splitLines(), [chunk])).toThrow(/splitLines takes strings; got /);
  }
  for (const maxLineLength of [0, -1, Number.NaN])
    expect(() => splitLines({ maxLineLength })).toThrow(/maxLineLength must be/);
});
