import { filter, map, tap } from "sluice";
import { describe, expect, test } from "vitest";
import { type AnyStage, runHearts, valuesOf } from "../support/run.ts";

test("map gives what the function makes of each value", () => {
  expect(
    valuesOf(
      map((n: number) => n * 2),
      [1, 2, 3],
    ),
  ).toEqual([2, 4, 6]);
});

test("filter gives the values for which the function says yes, as they are", () => {
  const values = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const kept = valuesOf(
    filter(({ n }: { n: number }) => n !== 2),
    values,
  );
  expect(kept[0]).toBe(values[0]);
  expect(kept).toEqual([{ n: 1 }, { n: 3 }]);
});

test("tap shows each value and passes it on, before the next comes", () => {
  const seen: number[] = [];
  const both = [tap((n: number) => void seen.push(n)), map((n: number) => [n, seen.length])];
  expect(valuesOf(both, [1, 2])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

describe("each of them", () => {
  const stages: Record<string, (fn: () => never) => AnyStage> = { map, filter, tap };
  for (const [name, make] of Object.entries(stages)) {
    test(`${name} ends the stream with what its function throws`, () => {
      const thrown = new RangeError("mine");
      const run = runHearts(
        () => [
          make(() => {
            throw thrown;
          }),
        ],
        { chunks: [1, 2] },
      );
      expect(run.transcript).toEqual({
        values: [],
        reports: [],
        error: { code: "RangeError", message: "mine" },
        ended: false,
      });
    });

    test(`${name} takes nothing but a function`, () => {
      for (const wrong of [undefined, null, "x", {}]) {
        expect(() => make(wrong as never)).toThrow(TypeError);
        expect(() => make(wrong as never)).toThrow(/must be a function|takes a function/);
      }
    });
  }
});
