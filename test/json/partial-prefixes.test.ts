import assert from "node:assert/strict";
import fc from "fast-check";
import { PartialJSONError, partialJSON } from "sluice/json";
import { describe, expect, test } from "vitest";
import { mutatedJson } from "../support/arbitraries.ts";
import { cutAnywhere, document, plainDocument } from "./documents.ts";
import { characters, cut, give } from "./hearts.ts";
import { Bad, literalPartial, type Shown } from "./literal-partial.ts";

// What there is to see of a prefix is the same however it was cut; a chunk that changes nothing gives no snapshot; what is
// malformed is known at its first impossible character.

interface Options {
  mutable?: boolean;
}

/** Checks what there is to see after each chunk against the oracle, which reads all the text up to there anew. */
function assertShowsPrefixes(chunks: readonly string[], options: Options = {}): void {
  let seen: unknown;
  let done = false;
  let prefix = "";
  const sink = partialJSON({ ...options, controlCharacters: "reject" }).connect({
    push: (snapshot) => {
      seen = snapshot.value;
      done = snapshot.done;
    },
    end: () => undefined,
  });
  for (const chunk of chunks) {
    prefix += chunk;
    const shown = look(prefix);
    if (shown instanceof Bad) {
      expect(errorOf(() => sink.push(chunk))).toMatchObject({ code: "malformed", offset: shown.at });
      const before = look(prefix.slice(0, shown.at));
      if (!(before instanceof Bad) && typeof seen === "object") assert.deepEqual(seen, before.value);
      return;
    }
    sink.push(chunk);
    assert.deepEqual({ prefix, seen, done }, { prefix, seen: shown.value, done: shown.isWhole });
  }
}

function look(text: string): Shown | Bad {
  try {
    return literalPartial(text);
  } catch (error) {
    if (error instanceof Bad) return error;
    throw error;
  }
}

function errorOf(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("what there is to see of a prefix does not depend on its cuts", () => {
  test("in documents", () => {
    fc.assert(
      fc.property(cutAnywhere(document), ([text, at]) => assertShowsPrefixes(cut(text, at))),
      { numRuns: 1000 },
    );
  });
  test("in documents, mutable", () => {
    fc.assert(
      fc.property(cutAnywhere(document), ([text, at]) => assertShowsPrefixes(cut(text, at), { mutable: true })),
    );
  });
  test("up to the first impossible character", () => {
    fc.assert(
      fc.property(cutAnywhere(mutatedJson), ([text, at]) => assertShowsPrefixes(cut(text, at))),
      { numRuns: 1000 },
    );
  });
  test("with every UTF-16 code unit in a string, as itself and as an escape", () => {
    for (let first = 0; first < 0x10000; first += 64) {
      const units = Array.from({ length: 64 }, (_, index) => first + index);
      const raw = units
        .filter((unit) => unit >= 32 && unit !== 34 && unit !== 92)
        .map((unit) => String.fromCharCode(unit));
      const escaped = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
      for (const text of [JSON.stringify(raw.join("")), `"${raw.join("")}"`, `"${escaped.join("")}"`]) {
        const { values, error } = give(
          partialJSON(),
          cut(
            text,
            [3, 50, 51, 52, 53, 54, 55].filter((place) => place < text.length),
          ),
        );
        expect(error).toBeUndefined();
        expect(values.at(-1)).toStrictEqual({ value: JSON.parse(text), done: true });
      }
    }
  });
});

test("errors, with what they hold, do not depend on the cuts", () => {
  fc.assert(
    fc.property(cutAnywhere(mutatedJson), fc.nat(40), fc.nat(3), ([text, at], maxValueLength, maxDepth) => {
      const options = { maxValueLength: maxValueLength + 1, maxDepth: maxDepth + 1 };
      const [whole, pieces] = [[text], cut(text, at)].map((chunks) => {
        const { error, ended } = give(partialJSON(options), chunks);
        if (!(error instanceof PartialJSONError)) return { error, ended };
        const { code, offset, raw, message, snapshot } = error;
        return { code, offset, raw, message, snapshot };
      });
      assert.deepEqual(pieces, whole);
    }),
    { numRuns: 2000 },
  );
});

test("a chunk that changes nothing gives no snapshot", () => {
  fc.assert(
    fc.property(cutAnywhere(plainDocument), fc.boolean(), ([text, at], mutable) => {
      const { values } = give(partialJSON(), cut(text, at));
      const states = values.map(({ value, done }) => JSON.stringify([value, done]));
      for (const [index, state] of states.entries()) expect(state).not.toBe(states[index - 1]);
      const chunks = cut(text, at);
      expect(give(partialJSON({ mutable }), chunks).counts).toStrictEqual(
        give(partialJSON({ mutable: !mutable }), chunks).counts,
      );
      expect(Math.max(0, ...differences(give(partialJSON(), chunks).counts))).toBeLessThanOrEqual(1);
    }),
  );
});

function differences(counts: readonly number[]): number[] {
  return counts.map((count, index) => count - (counts[index - 1] ?? 0));
}

describe("the property notices", () => {
  test("a prefix that shows half a character", () => {
    expect(literalPartial('"\ud83d').value).toBe("");
    expect(literalPartial('"\\ud83d').value).toBe("");
    expect(literalPartial('"\\ud83d"').value).toBe("\ud83d");
  });
  test("a literal that is not whole", () => {
    expect(literalPartial("[tru").value).toStrictEqual([]);
    expect(literalPartial("[12").value).toStrictEqual([]);
  });
  test("each character for itself", () => {
    assertShowsPrefixes(characters('{"a":[1,true,"x\\ud83d\\ude00y😀"],"__proto__":{"b":null},"c":{"d":-1.5e3 }} '));
  });
});
