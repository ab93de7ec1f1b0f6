// The cuts that users test with: nothing is lost by them, they come again from their seed, and they are where they hurt.
import fc from "fast-check";
import { adversarialCuts, type Cut, type Cuttable, cutAt, cutInto, everyCut, randomCuts } from "sluice/testing";
import { describe, expect, test } from "vitest";
import { utf8ish } from "../support/arbitraries.ts";
import { join } from "../support/transcript.ts";

const input = fc.oneof<fc.Arbitrary<Cuttable>[]>(fc.string({ unit: "binary", maxLength: 40 }), utf8ish);
const joined = (chunks: readonly Cuttable[]): Cuttable =>
  chunks.every((chunk) => typeof chunk === "string") ? chunks.join("") : join(chunks as Uint8Array[]);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test("joined, the chunks are the input, cut at the places that are named", () => {
  fc.assert(
    fc.property(input, fc.integer(), fc.integer({ min: 1, max: 9 }), (whole, seed, size) => {
      expect(joined(cutInto(whole, size))).toEqual(whole);
      for (const cuts of [everyCut(whole), randomCuts(whole, seed, 5), adversarialCuts(whole)]) {
        for (const { chunks, at, name } of cuts) {
          expect(joined(chunks), name).toEqual(whole);
          let place = 0;
          expect(chunks.slice(0, -1).map(({ length }) => (place += length))).toEqual(at);
        }
      }
    }),
  );
});

test("everyCut cuts once everywhere, the ends included", () => {
  fc.assert(
    fc.property(input, (whole) => {
      expect([...everyCut(whole)].map(({ at }) => at)).toEqual(
        Array.from({ length: whole.length + 1 }, (_, at) => [at]),
      );
    }),
  );
});

test("cutInto gives chunks of one size, and a rest", () => {
  expect(cutInto("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
  expect(cutInto(encode("é"), 1)).toEqual([Uint8Array.of(0xc3), Uint8Array.of(0xa9)]);
  expect(cutInto("", 3)).toEqual([""]);
});

describe("randomCuts", () => {
  const body = "data: one\n\n".repeat(30);
  const ways = (seed: number, count?: number): string =>
    JSON.stringify([...randomCuts(body, seed, count)].map(({ at }) => at));

  test("are 50 unless told otherwise, the same for the same seed", () => {
    expect([...randomCuts(body, 1)]).toHaveLength(50);
    expect([...randomCuts(body, 1, 3)]).toHaveLength(3);
    expect(ways(7)).toBe(ways(7));
    expect(ways(7)).not.toBe(ways(8));
  });

  test("are the same in every version: a seed in a bug report stays good", () => {
    const places = [...randomCuts("data: 1\n\n", 42, 3)].map(({ at }) => at);
    expect(places).toEqual([[1, 5, 6, 8], [8], [7, 8]]);
  });

  test("have empty chunks among them, and coarse and fine ones", () => {
    const all = [...randomCuts(body, 1, 200)];
    expect(all.some(({ chunks }) => chunks.includes(""))).toBe(true);
    expect(all.some(({ chunks }) => chunks.length < 3)).toBe(true);
    expect(all.some(({ chunks }) => chunks.length > 30)).toBe(true);
  });
});

describe("adversarialCuts", () => {
  const placesOf = (whole: Cuttable): number[] => [...adversarialCuts(whole)].slice(2).flatMap(({ at }) => [...at]); // behind the two that cut everywhere

  test.for<[string, Cuttable, number[]]>([
    ["inside characters of more than one byte", encode("aé€😀"), [2, 4, 5, 7, 8, 9]],
    ["inside characters of more than one unit", "aé€😀", [4]],
    ["before, in and behind CRLF", "a\r\nb", [1, 2, 3]],
    ["inside escapes", "a\\u00e9b", [1, 2, 3, 4, 5, 6, 7]],
    ["around colons, spaces, quotes and brackets", "a: b", [1, 2, 3]],
  ])("cut %s", ([, whole, places]) => {
    expect(placesOf(whole)).toEqual(places);
    expect([...adversarialCuts(whole)][0]?.at).toEqual(places);
  });

  test("are none where nothing hurts", () => {
    expect([...adversarialCuts("abc")]).toEqual([]);
  });
});

test("chunks of bytes are copies", () => {
  const bytes = encode("ab\n");
  for (const { chunks } of [...everyCut(bytes), ...adversarialCuts(bytes)] as Cut<Uint8Array>[]) {
    for (const chunk of chunks) chunk.fill(0);
  }
  for (const chunk of cutAt(bytes, [1])) chunk.fill(0);
  expect(bytes).toEqual(encode("ab\n"));
});

test.for<[string, () => unknown]>([
  ["an array", () => everyCut([1, 2] as unknown as string)],
  ["a buffer", () => adversarialCuts(new ArrayBuffer(3) as unknown as Uint8Array)],
  ["nothing", () => randomCuts(undefined as unknown as string, 1)],
  ["a size of 0", () => cutInto("abc", 0)],
  ["half a size", () => cutInto("abc", 0.5)],
  ["places out of order", () => cutAt("abc", [2, 1])],
  ["a place behind the end", () => cutAt("abc", [4])],
  ["a place before the beginning", () => cutAt("abc", [-1])],
])("what cannot be cut is a TypeError at the call: %s", ([, attempt]) => {
  expect(attempt).toThrow(TypeError);
});
