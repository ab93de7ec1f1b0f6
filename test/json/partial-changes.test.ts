import assert from "node:assert/strict";
import fc from "fast-check";
import { type Change, listChanges, partialJSON } from "sluice/json";
import { describe, expect, test } from "vitest";
import { countWork } from "../support/work.ts";
import { cutAnywhere, document } from "./documents.ts";
import { cut, give } from "./hearts.ts";

// With `changes: listChanges` each snapshot says what makes the one before into it.

/** The value that changes make of a value, which they do not touch. */
function apply(value: unknown, changes: readonly Change[]): unknown {
  return changes.reduce((changed, change) => at(changed, change.path, change), value);
}

function at(value: unknown, [key, ...rest]: Change["path"], change: Change): unknown {
  if (key === undefined) return "value" in change ? structuredCloneOf(change.value) : `${value}${change.appended}`;
  assert.ok(typeof value === "object" && value !== null, "a path leads through containers that are there");
  const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? value.slice() : { ...value };
  const inside: unknown = Object.hasOwn(copy, key) ? Reflect.get(value, key) : undefined;
  Object.defineProperty(copy, key, {
    value: at(inside, rest, change),
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return copy;
}

/** A copy that keeps own `__proto__` members. */
function structuredCloneOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, each: unknown) => each);
}

/** Documents whose values survive JSON.stringify. */
const documents = document.filter((text) => !text.includes("1e400") && !text.includes("-0"));

/** Checks a document: its changes, one after the other, make its snapshots. */
function assertChangesMakeSnapshots(chunks: readonly string[], edit = (changes: readonly Change[]) => changes): void {
  let value: unknown;
  for (const snapshot of give(partialJSON({ changes: listChanges }), chunks).values) {
    value = apply(value, edit(snapshot.changes));
    assert.deepEqual(value, snapshot.value);
  }
}

test("changes make the snapshot before into this one", () => {
  fc.assert(
    fc.property(cutAnywhere(documents), ([text, places]) => assertChangesMakeSnapshots(cut(text, places))),
    { numRuns: 1000 },
  );
});

test("nothing is named twice, neither by itself nor inside something new", () => {
  fc.assert(
    fc.property(cutAnywhere(documents), ([text, places]) => {
      for (const { changes } of give(partialJSON({ changes: listChanges }), cut(text, places)).values) {
        const paths = changes
          .filter((change) => "value" in change)
          .map(({ path }) => JSON.stringify(path).slice(0, -1));
        for (const [index, path] of paths.entries()) {
          for (const later of paths.slice(index + 1)) expect(later.startsWith(`${path},`)).toBe(false);
        }
      }
    }),
  );
});

test("they are the same for the growing object, of which `value` is the live part", () => {
  const chunks = ['{"a":["b', 'c",{"d', '":1}]}'];
  const [snapshots, growing] = [false, true].map(
    (mutable) => give(partialJSON({ changes: listChanges, mutable }), chunks).values,
  );
  const paths = (list: typeof growing) => list?.map(({ changes }) => changes.map(({ path }) => path));
  expect(paths(growing)).toStrictEqual(paths(snapshots));
});

test("without changes there is none, and no path is built", () => {
  const chunks = ['{"a":[1,2,', '{"b":"c', 'd"}]}'];
  expect(give(partialJSON(), chunks).values.some((snapshot) => "changes" in snapshot)).toBe(false);
  const without = countWork(() => give(partialJSON({ mutable: true }), chunks)).total;
  const withChanges = countWork(() => give(partialJSON({ mutable: true, changes: listChanges }), chunks)).total;
  expect(without).toBeLessThanOrEqual(withChanges);
});

test("a change costs what its path is long", () => {
  const [shallow = 0, deep = 0] = [100, 400].map((depth) => {
    const growing = partialJSON({ changes: listChanges, mutable: true }).connect({ push: () => {}, end: () => {} });
    growing.push("[".repeat(depth));
    return countWork(() => growing.push("1,".repeat(100))).total;
  });
  expect(deep / shallow).toBeLessThan(4.8);
});

describe("the property notices", () => {
  const chunks = ['{"a":["b', 'c","d"],"e":1', "}"];
  test("a change that is missing", () => {
    expect(() => assertChangesMakeSnapshots(chunks, (changes) => changes.slice(1))).toThrow();
  });
  test("text that is appended twice", () => {
    expect(() =>
      assertChangesMakeSnapshots(chunks, (changes) => [
        ...changes,
        ...changes.filter((change) => "appended" in change),
      ]),
    ).toThrow();
  });
});
