import { afterEach, describe, expect, test, vi } from "vitest";
import { canonical } from "../support/transcript.ts";

type Read = (...frames: string[]) => string[];

/** Reads with `integers: "bigint"`, in a runtime whose JSON.parse tells the source text of numbers, or in one that does not. */
async function reader(knowsSource: boolean): Promise<Read> {
  vi.resetModules();
  const { parse } = JSON;
  const withoutSource: typeof JSON.parse = (text, reviver) =>
    reviver === undefined
      ? parse(text)
      : parse(text, function (this: unknown, key, value) {
          return reviver.call(this, key, value);
        });
  if (!knowsSource) vi.spyOn(JSON, "parse").mockImplementation(withoutSource);
  const { bufferParse } = await import("sluice");
  return (...frames) => {
    const values: string[] = [];
    const sink = bufferParse({ integers: "bigint" }).connect({
      push: (value) => values.push(canonical(value)),
      end() {},
    });
    for (const frame of frames) sink.push(frame);
    sink.end();
    return values;
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("without being asked, integers are numbers, as JSON.parse gives them", async () => {
  const { bufferParse } = await import("sluice");
  const values: unknown[] = [];
  bufferParse()
    .connect({ push: (value) => values.push(value), end() {} })
    .push("[12345678901234567890]");
  expect(values).toEqual([[Number("12345678901234567890")]]);
});

for (const knowsSource of [true, false]) {
  describe(knowsSource ? "where JSON.parse tells the source" : "where it does not", () => {
    test("integers beyond 2^53 are exact bigints", async () => {
      const read = await reader(knowsSource);
      expect(read("12345678901234567890", "[-9007199254740993]", '{"seed":11529215046068470001}')).toEqual([
        "12345678901234567890n",
        "[-9007199254740993n]",
        '{"seed":11529215046068470001n}',
      ]);
    });

    test("integers that a number holds exactly stay numbers", async () => {
      const read = await reader(knowsSource);
      expect(read("[0,-0,1,-7,9007199254740991,-9007199254740991]")).toEqual([
        "[0,-0,1,-7,9007199254740991,-9007199254740991]",
      ]);
      expect(read("[9007199254740992,-9007199254740992]")).toEqual(["[9007199254740992n,-9007199254740992n]"]);
    });

    test("fractions and exponents are numbers, however long", async () => {
      const read = await reader(knowsSource);
      const numbers = [
        "12345678901234567890.5",
        "1.2345678901234567890",
        "12345678901234567890e0",
        "1e12345678901234567890",
        "-1E-99999999999999999999",
      ];
      for (const text of numbers) expect(read(`[${text}]`)).toEqual([canonical([Number(text)])]);
    });

    test("digits in strings and keys stay text, whatever they look like", async () => {
      const read = await reader(knowsSource);
      const value = {
        "12345678901234567890": "98765432109876543210",
        "int:": "int:12345678901234567890",
        "int::1": ["\\", '"', '\\"12345678901234567890', "[12345678901234567890]"],
      };
      expect(read(JSON.stringify(value))).toEqual([canonical(value)]);
      const text = `{"a":12345678901234567890,${JSON.stringify(value).slice(1)}`;
      expect(read(text)).toEqual([canonical({ a: 12345678901234567890n, ...value })]);
    });

    test("in parts, in several values of one frame and beside raw control characters", async () => {
      const read = await reader(knowsSource);
      expect(
        read(
          "[1234567890",
          "1234567890",
          ', "a\u0001"]',
          "[12345678901234567890][12345678901234567891] 12345678901234567892",
        ),
      ).toEqual([
        '[12345678901234567890n,"a\\u0001"]',
        "[12345678901234567890n]",
        "[12345678901234567891n]",
        "12345678901234567892n",
      ]);
    });

    test("what is no JSON stays none", async () => {
      const read = await reader(knowsSource);
      for (const text of [
        "[012345678901234567890]",
        "[12345678901234567890x]",
        "[--12345678901234567890]",
        "{12345678901234567890:1}",
      ]) {
        expect(() => read(text), text).toThrow(/Malformed JSON/);
      }
    });

    test("__proto__ is a key like any other", async () => {
      const read = await reader(knowsSource);
      expect(read('{"__proto__":{"n":12345678901234567890}}')).toEqual(['{"__proto__":{"n":12345678901234567890n}}']);
    });
  });
}
