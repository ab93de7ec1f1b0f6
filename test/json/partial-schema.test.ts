import { type } from "arktype";
import { PartialJSONError, partialJSON, SchemaError, type StandardSchema } from "sluice/json";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { give } from "./hearts.ts";

// A schema decides whether the whole value is one, and what the last snapshot has.

const schemas = {
  zod: z.object({ name: z.string(), ages: z.array(z.number()) }),
  valibot: v.object({ name: v.string(), ages: v.array(v.number()) }),
  arktype: type({ name: "string", ages: "number[]" }),
};

describe.for(Object.entries(schemas))("%s", ([, schema]) => {
  test("passes the value that is what it says", () => {
    const { values, error, ended } = give(partialJSON({ schema }), ['{"name":"A', 'da","ages":[3', "6]}"]);
    expect({ error, ended }).toStrictEqual({ error: undefined, ended: true });
    expect(values.at(-1)).toStrictEqual({ value: { name: "Ada", ages: [36] }, done: true });
    expect(values.at(0)).toStrictEqual({ value: { name: "A" }, done: false });
  });

  test("refuses another with its path and issues, behind what there was to show", () => {
    const { values, error } = give(partialJSON({ schema }), ['{"name":"Ada","ages":[1,2', ',"x"]}']);
    expect(values.map(({ done }) => done)).toStrictEqual([false, false]);
    expect(values.at(-1)?.value).toStrictEqual({ name: "Ada", ages: [1, 2, "x"] });
    if (!(error instanceof SchemaError)) throw new TypeError(`not a SchemaError: ${error}`);
    expect(error.message).toMatch(/^The value is not what its schema says: \$\.ages\[2]: /);
    expect(error.issues).toHaveLength(1);
    expect(error.value).toStrictEqual({ name: "Ada", ages: [1, 2, "x"] });
  });

  test("is not asked about what is cut off or malformed", () => {
    expect(give(partialJSON({ schema }), ['{"name":1']).error).toBeInstanceOf(PartialJSONError);
    expect(give(partialJSON({ schema }), ['{"name":1!']).error).toBeInstanceOf(PartialJSONError);
  });
});

test("the last snapshot has what the schema makes of the value, the others have what it takes", () => {
  const schema = z.object({ day: z.string().transform((text) => new Date(text)) });
  const stage = partialJSON({ schema });
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
  expect(give(partialJSON({ schema }), ['"a"']).error).toBeInstanceOf(TypeError);
  const rejecting: StandardSchema = {
    "~standard": { version: 1, vendor: "test", validate: () => Promise.reject(new Error("late")) },
  };
  expect(String(give(partialJSON({ schema: rejecting }), ['"a"']).error)).toMatch(/asynchronous/);
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
  expect(String(give(partialJSON({ schema }), ["1"]).error)).toBe(
    "SchemaError: The value is not what its schema says: $.a[0].b.Symbol(c): No.; $: At all.",
  );
});
