import assert from "node:assert/strict";
import fc from "fast-check";
import { partialJSON, type Snapshot } from "sluice/json";
import { describe, expect, test } from "vitest";
import { cutAnywhere, document, plainDocument } from "./documents.ts";
import { characters, cut, give } from "./hearts.ts";

// The invariants of docs/partial.md, by their numbers. 1 to 5 hold for documents without duplicate keys: the second of two
// equal keys begins its value anew, as it does for JSON.parse.

type Snapshots = readonly Snapshot<unknown>[];

/** Calls `check` with each place that two neighbouring snapshots share: what was there before, and what is there now. */
function eachPlace(snapshots: Snapshots, check: (before: unknown, now: unknown, isLast: boolean) => void): void {
  for (const [index, { value, done }] of snapshots.entries()) {
    const before = snapshots[index - 1];
    if (before !== undefined) walk(before.value, value, done);
  }
  function walk(before: unknown, now: unknown, isLast: boolean): void {
    check(before, now, isLast);
    if (!isContainer(before) || !isContainer(now)) return;
    for (const key of Object.keys(before)) if (Object.hasOwn(now, key)) walk(before[key], now[key], isLast);
  }
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

/** The members that are not what they were: by value, for what is mutable is looked at in copies. */
function changedMembers(before: Record<string, unknown>, now: Record<string, unknown>): string[] {
  return Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
}

const invariants: Record<string, (snapshots: Snapshots, text: string) => void> = {
  "1. The type of a value never changes": (snapshots) =>
    eachPlace(snapshots, (before, now) => assert.equal(typeOf(now), typeOf(before))),

  "2. Numbers, booleans and null are there whole or not at all": (snapshots) =>
    eachPlace(snapshots, (before, now) => {
      if (typeof before === "number" || typeof before === "boolean" || before === null)
        assert.ok(Object.is(before, now));
    }),

  "3. Strings only append, and never end in half a surrogate pair that is still to come": (snapshots) =>
    eachPlace(snapshots, (before, now) => {
      if (typeof before !== "string" || typeof now !== "string") return;
      assert.equal(now.slice(0, before.length), before);
      const seam = now.slice(before.length - 1, before.length + 1);
      assert.doesNotMatch(seam, /^[\ud800-\udbff][\udc00-\udfff]$/);
    }),

  "4. Arrays only append, or change their last element": (snapshots) =>
    eachPlace(snapshots, (before, now) => {
      if (!Array.isArray(before) || !Array.isArray(now)) return;
      assert.ok(now.length >= before.length);
      for (const key of changedMembers({ ...before }, { ...now })) assert.equal(key, String(before.length - 1));
    }),

  "5. Objects only add members, or change the one added last": (snapshots) => {
    const last = new Map<string, string[]>(); // by path: the member that was added last, or those that may have been
    for (const [index, { value }] of snapshots.entries()) compare(snapshots[index - 1]?.value, value, "$");

    function compare(before: unknown, now: unknown, path: string): void {
      if (!isContainer(now)) return;
      const known = isContainer(before) ? before : {};
      const added = Object.keys(now).filter((key) => !Object.hasOwn(known, key));
      for (const key of Object.keys(known)) assert.ok(Object.hasOwn(now, key), `${path} has lost ${key}`);
      if (!Array.isArray(now)) {
        for (const key of changedMembers(known, now)) assert.ok(last.get(path)?.includes(key), path);
        // Keys that are numbers come first whenever they came, so that of several in one chunk any may be the last.
        const isOrdered = !added.some((key) => /^\d+$/.test(key));
        if (added.length > 0) last.set(path, isOrdered ? added.slice(-1) : added);
      }
      for (const key of Object.keys(now)) compare(known[key], now[key], `${path}/${key}`);
    }
  },

  "7. What did not change is the same object": (snapshots) =>
    eachPlace(snapshots, (before, now) => {
      if (isContainer(before) && JSON.stringify(before) === JSON.stringify(now)) assert.ok(before === now);
    }),

  "8. The last snapshot is done, no other is, and its value is JSON.parse's": (snapshots, text) => {
    assert.deepEqual(
      snapshots.map(({ done }) => done),
      snapshots.map((_, index) => index === snapshots.length - 1),
    );
    assert.deepEqual(snapshots.at(-1)?.value, JSON.parse(text));
  },
};

/** All snapshots as they are when they are given, for what must not depend on when they are looked at. */
function shown(text: string, at: readonly number[], mutable: boolean): Snapshot<unknown>[] {
  const snapshots: Snapshot<unknown>[] = [];
  const sink = partialJSON({ mutable }).connect({
    push: (snapshot) => void snapshots.push(mutable ? structuredClone(snapshot) : snapshot),
    end: () => undefined,
  });
  for (const chunk of cut(text, at)) sink.push(chunk);
  sink.end();
  return snapshots;
}

for (const [name, check] of Object.entries(invariants)) {
  const documents = name.startsWith("8") ? document : plainDocument;
  test(name, () => {
    fc.assert(
      fc.property(cutAnywhere(documents), ([text, at]) => check(shown(text, at, false), text)),
      { numRuns: 500 },
    );
  });
  if (name.startsWith("7")) continue;
  test(`${name} (mutable)`, () => {
    // structuredClone gives `__proto__` away.
    fc.assert(
      fc.property(cutAnywhere(documents.filter((text) => !text.includes("__proto__"))), ([text, at]) =>
        check(shown(text, at, true), text),
      ),
      { numRuns: 300 },
    );
  });
}

test("6. A snapshot never changes", () => {
  fc.assert(
    fc.property(cutAnywhere(document), ([text, at]) => {
      const then: string[] = [];
      const snapshots: Snapshot<unknown>[] = [];
      const sink = partialJSON().connect({
        push(snapshot) {
          deepFreeze(snapshot.value); // a write to it, even of the same value, would throw
          then.push(JSON.stringify(snapshot));
          snapshots.push(snapshot);
        },
        end: () => undefined,
      });
      for (const chunk of cut(text, at)) sink.push(chunk);
      sink.end();
      assert.deepEqual(
        snapshots.map((snapshot) => JSON.stringify(snapshot)),
        then,
      );
    }),
    { numRuns: 500 },
  );
});

function deepFreeze(value: unknown): void {
  if (!isContainer(value) || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const key of Object.keys(value)) deepFreeze(value[key]);
}

test("mutable hands out the one object that grows", () => {
  const { values } = give(partialJSON({ mutable: true }), characters('{"a":[1,2,{"b":"cd"}]}'));
  expect(new Set(values.map(({ value }) => value)).size).toBe(1);
  expect(values.at(-1)?.value).toStrictEqual({ a: [1, 2, { b: "cd" }] });
});

describe("the invariants notice", () => {
  const of = (...values: unknown[]): Snapshots =>
    values.map((value, index) => (index < values.length - 1 ? { value, done: false } : { value, done: true }));
  const broken: Record<string, [snapshots: Snapshots, text: string]> = {
    "1": [of([], {}), "{}"],
    "2": [of([1], [12]), "[12]"],
    "3": [of(["\ud83d"], ["\ud83d\ude00"]), '["😀"]'],
    "4": [of([["a"], "b"], [["a", "c"], "b"]), '[["a","c"],"b"]'],
    "5": [of({ a: "" }, { a: "", b: "" }, { a: "x", b: "" }), '{"a":"x","b":""}'],
    "7": [of([[1]], [[1], 2]), "[[1],2]"],
    "8": [
      [
        { value: [], done: true },
        { value: [1], done: true },
      ],
      "[1]",
    ],
  };
  for (const [name, check] of Object.entries(invariants)) {
    const [snapshots, text] = broken[name.charAt(0)] ?? [[], ""];
    test(`what breaks ${name.charAt(0)}`, () => expect(() => check(snapshots, text)).toThrow());
  }
  test("keys that vanish", () =>
    expect(() =>
      invariants["5. Objects only add members, or change the one added last"]?.(of({ a: 1 }, {}), ""),
    ).toThrow());
});
