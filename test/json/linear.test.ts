import type { Stage } from "sluice";
import { listChanges, partialJSON, selectJSON, unfence } from "sluice/json";
import { describe, expect, test } from "vitest";
import { everySize, pieces } from "../support/cuts.ts";
import { countWork } from "../support/work.ts";

// Law 5 for the stages of sluice/json. Work is counted, never timed: characters touched, elements copied, properties defined.

const SMALL = 4_000;
const forever = { maxDepth: Number.POSITIVE_INFINITY };

const stages: Record<string, () => Stage<string, unknown>> = {
  "partialJSON, mutable": () => partialJSON({ mutable: true, ...forever }),
  "partialJSON, mutable, with changes": () => partialJSON({ mutable: true, changes: listChanges }),
  "selectJSON of everything": () => selectJSON(["$", "$[*]", "$.*"], forever),
  "selectJSON of nothing": () => selectJSON("$.none.at.all", forever),
  unfence: () => unfence(),
};

const shapes: Record<string, (size: number) => string> = {
  "a long string": (size) => `["${"word ".repeat(size / 5)}"]`,
  escapes: (size) => `["${"\\u00e9\\n".repeat(size / 8)}"]`,
  "surrogate pairs": (size) => `["${"😀".repeat(size / 2)}"]`,
  "escaped surrogate pairs": (size) => `["${"\\ud83d\\ude00".repeat(size / 12)}"]`,
  "many elements": (size) => `[${"1,".repeat(size / 2)}1]`,
  "many keys": (size) => `{${Array.from({ length: size / 10 }, (_, index) => `"k${index}":"v"`).join(",")}}`,
  "a long key": (size) => `{"${"key ".repeat(size / 4)}":1}`,
  "a long number": (size) => `[${"1".repeat(size)}]`,
  "white space": (size) => `[${" ".repeat(size)}]${"\n".repeat(size)}`,
  "white space before": (size) => `${" \n".repeat(size / 2)}[]`,
};

function work(stage: Stage<string, unknown>, chunks: readonly string[]): number {
  const sink = stage.connect({ push: () => undefined, end: () => undefined });
  return countWork(() => {
    for (const chunk of chunks) sink.push(chunk);
    try {
      sink.end();
    } catch {
      // Work up to an error is work too.
    }
  }).total;
}

function assertLinear(stage: () => Stage<string, unknown>, chunks: (size: number) => string[]): void {
  const [once = 0, four = 0] = [SMALL, 4 * SMALL].map((size) => work(stage(), chunks(size)));
  expect(four / once, "the work of four times the input").toBeLessThan(4.8);
}

const inChunksOf = (text: string, size: number): string[] => pieces(text, everySize(text.length, size).at);

for (const [name, stage] of Object.entries(stages)) {
  describe(name, () => {
    for (const [shape, make] of Object.entries(shapes)) {
      test(shape, () => {
        for (const size of [1, 5, 256]) assertLinear(stage, (length) => inChunksOf(make(length), size));
      });
    }
    test("brackets", () => {
      assertLinear(name.includes("changes") ? () => partialJSON({ mutable: true, ...forever }) : stage, (length) =>
        inChunksOf("[".repeat(length / 2) + "]".repeat(length / 2), 3),
      );
    });
  });
}

describe("unfence, in words", () => {
  const words: Record<string, string> = {
    brackets: "[",
    braces: "{",
    "brackets and words": "[a{b",
    "brackets at the beginnings of lines": "\n[n\n [",
    "white space behind a bracket": " ",
    text: "some words ",
  };
  for (const [name, unit] of Object.entries(words)) {
    test(name, () => {
      for (const chunk of [1, 7, 1_000_000]) {
        assertLinear(unfence, (size) => inChunksOf(`x [${unit.repeat(size / unit.length)}`, chunk));
      }
    });
  }
});

describe("immutable snapshots cost what changed and a shallow copy of each container that is open", () => {
  const element = '{"id":1,"name":"item"},';

  /** Elements copied by `slice`, per chunk. */
  function copied(text: string): number {
    const { slice } = Array.prototype;
    let elements = 0;
    Array.prototype.slice = function (this: unknown[], ...range: [number?, number?]) {
      const copy = Reflect.apply(slice, this, range) as unknown[];
      elements += copy.length;
      return copy;
    };
    try {
      const sink = partialJSON().connect({ push: () => undefined, end: () => undefined });
      for (let at = 0; at < text.length; at += 5) sink.push(text.slice(at, at + 5));
    } finally {
      Array.prototype.slice = slice;
    }
    return elements / (text.length / 5);
  }

  test("of an array that is closed nothing is copied any more", () => {
    const closed = `{"closed":[${element.repeat(200)}1],"open":["${"word ".repeat(2_000)}`;
    const none = `{"open":["${"word ".repeat(2_000)}`;
    expect(copied(closed)).toBeLessThan(copied(none) + copied(`[${element.repeat(200)}`));
  });

  test("mutable copies nothing", () => {
    const text = `[${element.repeat(500)}`;
    const chunks = inChunksOf(text, 5);
    const spread = work(partialJSON({ mutable: true }), chunks);
    expect(spread).toBeLessThan(10 * text.length);
    expect(work(partialJSON(), chunks)).toBeGreaterThan(5 * spread);
  });
});

describe("the law notices", () => {
  test("a reader that parses everything again at each chunk", () => {
    const again = (): Stage<string, unknown> => {
      let all = "";
      const stage = partialJSON({ mutable: true });
      return Object.assign(Object.create(stage), {
        connect: () => ({
          push(chunk: string) {
            all += chunk;
            try {
              JSON.parse(`${all}"]`);
            } catch {
              // Not yet.
            }
          },
          end: () => undefined,
        }),
      });
    };
    expect(() => assertLinear(again, (size) => inChunksOf(`["${"word ".repeat(size / 5)}"]`, 5))).toThrow("four times");
  });
});
