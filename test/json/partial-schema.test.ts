import { type } from "arktype";
import { fuse, type Stage } from "sluice";
import {
  listChanges,
  PartialJSONError,
  partialJSON,
  SchemaError,
  type SchemaInput,
  type SchemaOutput,
  type Snapshot,
  type StandardSchema,
  validate,
} from "sluice/json";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { give } from "./hearts.ts";

// A schema decides whether the whole value is one, and what the last snapshot has.

/** partialJSON with a schema behind it. */
function checked<S extends StandardSchema>(schema: S): Stage<string, Snapshot<SchemaInput<S>, SchemaOutput<S>>> {
  return fuse(partialJSON(), validate(schema));
}

const schemas = {
  zod: z.object({ name: z.string(), ages: z.array(z.number()) }),
  valibot: v.object({ name: v.string(), ages: v.array(v.number()) }),
  arktype: type({ name: "string", ages: "number[]" }),
};

describe.for(Object.entries(schemas))("%s", ([, schema]) => {
  test("passes the value that is what it says", () => {
    const { values, error, ended } = give(checked(schema), ['{"name":"A', 'da","ages":[3', "6]}"]);
    expect({ error, ended }).toStrictEqual({ error: undefined, ended: true });
    expect(values.at(-1)).toStrictEqual({ value: { name: "Ada", ages: [36] }, done: true });
    expect(values.at(0)).toStrictEqual({ value: { name: "A" }, done: false });
  });

  test("refuses another with its path and issues, behind what there was to show", () => {
    const { values, error } = give(checked(schema), ['{"name":"Ada","ages":[1,2', ',"x"]}']);
    expect(values.map(({ done }) => done)).toStrictEqual([false, false]);
    expect(values.at(-1)?.value).toStrictEqual({ name: "Ada", ages: [1, 2, "x"] });
    if (!(error instanceof SchemaError)) throw new TypeError(`not a SchemaError: ${error}`);
    expect(error.message).toMatch(/^The value is not what its schema says: \$\.ages\[2]: /);
    expect(error.issues).toHaveLength(1);
    expect(error.value).toStrictEqual({ name: "Ada", ages: [1, 2, "x"] });
  });

  test("is not asked about what is cut off or malformed", () => {
    expect(give(checked(schema), ['{"name":1']).error).toBeInstanceOf(PartialJSONError);
    expect(give(checked(schema), ['{"name":1!']).error).toBeInstanceOf(PartialJSONError);
  });
});

test("the last snapshot has what the schema makes of the value, the others have what it takes", () => {
  const schema = z.object({ day: z.string().transform((text) => new Date(text)) });
  const stage = checked(schema);
  for (const snapshot of give(stage, ['{"day":"2026-11-', '20"}']).values) {
    if (snapshot.done) {
      expectTypeOf(snapshot.value).toEqualTypeOf<{ day: Date }>();
      expect(snapshot.value.day.getUTCDate()).toBe(20);
    } else {
      expectTypeOf(snapshot.value).toEqualTypeOf<{ readonly day?: string }>();
    }
  }
});

test("an asynchronous schema is a TypeError that says so", () => {
  const schema = z.string().refine(async () => true);
  expect(give(checked(schema), ['"a"']).error).toBeInstanceOf(TypeError);
  const rejecting: StandardSchema = {
    "~standard": { version: 1, vendor: "test", validate: () => Promise.reject(new Error("late")) },
  };
  expect(String(give(checked(rejecting), ['"a"']).error)).toMatch(/asynchronous/);
});

test("an issue's path may have keys of any kind, in either of the forms the standard has", () => {
  const path = ["a", 0, { key: "b" }, Symbol("c")];
  const schema: StandardSchema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: () => ({ issues: [{ message: "No.", path }, { message: "At all." }] }),
    },
  };
  expect(String(give(checked(schema), ["1"]).error)).toBe(
    "SchemaError: The value is not what its schema says: $.a[0].b.Symbol(c): No.; $: At all.",
  );
});

test("only the last snapshot is another than partialJSON's", () => {
  const schema = z.unknown();
  const all = give(partialJSON(), ["[1,", "2]"]).values;
  const sink = validate(schema).connect({ push: (each) => void passed.push(each), end: () => undefined });
  const passed: Snapshot<unknown>[] = [];
  for (const each of all) sink.push(each);
  expect(passed).toStrictEqual(all);
  expect(passed.map((each, index) => each === all[index])).toStrictEqual([true, false]);
});

describe("what the schema refuses is shown as not done before the error, whatever the last chunk brought", () => {
  const cases: Record<string, StandardSchema["~standard"]["validate"]> = {
    "it refuses": () => ({ issues: [{ message: "No." }] }),
    "it is asynchronous": async () => ({ value: 1 }),
    "it throws": () => {
      throw new RangeError("out of range");
    },
  };
  for (const [name, refuse] of Object.entries(cases)) {
    const schema: StandardSchema = { "~standard": { version: 1, vendor: "test", validate: refuse } };
    test(name, () => {
      for (const chunks of [
        ['["a"', "]"],
        ["[", '"a"]'],
      ]) {
        const { values, error, ended } = give(checked(schema), chunks);
        expect(values.map(({ done }) => done)).toStrictEqual([false, false]);
        expect(values.at(-1)?.value).toStrictEqual(["a"]);
        expect({ isError: error instanceof Error, ended }).toStrictEqual({ isError: true, ended: false });
      }
    });
  }
});

test("changes stay on what passes, in its type too", () => {
  const schema = z.object({ name: z.string(), day: z.string().transform((text) => new Date(text)) });
  const { values, error } = give(fuse(partialJSON({ changes: listChanges }), validate(schema)), [
    '{"name":"A',
    'da","day":"2026-11-20"',
    "}",
  ]);
  expect(error).toBeUndefined();
  expect(values.map(({ changes }) => changes)).toStrictEqual([
    [{ path: [], value: { name: "A" } }],
    [
      { path: ["name"], appended: "da" },
      { path: ["day"], value: "2026-11-20" },
    ],
    [],
  ]);
  const last = values.at(-1);
  if (last?.done) {
    expectTypeOf(last.value).toEqualTypeOf<{ name: string; day: Date }>();
    expect(last.value.day).toBeInstanceOf(Date);
  }
  const { values: refused } = give(fuse(partialJSON({ changes: listChanges }), validate(schema)), ['{"name":1}']);
  expect(refused).toStrictEqual([{ value: { name: 1 }, done: false, changes: [{ path: [], value: { name: 1 } }] }]);
});

test("what is no snapshot is a TypeError that says so", () => {
  const sink = validate(z.unknown()).connect({ push: () => undefined, end: () => undefined });
  const text: unknown = "[1]";
  expect(() => sink.push(text as Snapshot<unknown>)).toThrow(/^validate takes snapshots; got "\[1\]"$/);
});

test("what is no schema is a TypeError at the call", () => {
  const nothing: unknown[] = [{}, null, undefined, z.object];
  for (const schema of nothing) expect(() => validate(schema as StandardSchema)).toThrow(/Standard Schema/);
});
