import assert from "node:assert/strict";
import fc from "fast-check";
import { SluiceError } from "sluice";
import { selectJSON } from "sluice/json";
import { describe, expect, test } from "vitest";
import { mutatedJson } from "../support/arbitraries.ts";
import { cutAnywhere, document, plainDocument } from "./documents.ts";
import { characters, cut, give } from "./hearts.ts";

// Each match as soon as it is whole, in document order, the same for every cut.

type Step = string | number | undefined; // undefined is every one

const steps = fc.array(fc.oneof(fc.constantFrom("a", "b", "0", "__proto__", 0, 1, undefined)), { maxLength: 3 });

function written(path: readonly Step[]): string {
  return `$${path.map((step) => (step === undefined ? "[*]" : `[${JSON.stringify(step)}]`)).join("")}`;
}

/** The oracle: walks the whole value, children before parents, because they are whole first. */
function selected(value: unknown, paths: readonly (readonly Step[])[]): { path: string; value: unknown }[] {
  const found: { path: string; value: unknown }[] = [];
  const walk = (at: unknown, left: readonly { path: string; rest: readonly Step[] }[]): void => {
    if (Array.isArray(at)) for (const [index, element] of at.entries()) walk(element, follow(left, index));
    else if (typeof at === "object" && at !== null) {
      for (const [key, member] of Object.entries(at)) walk(member, follow(left, key));
    }
    for (const { path, rest } of left) if (rest.length === 0) found.push({ path, value: at });
  };
  const follow = (left: readonly { path: string; rest: readonly Step[] }[], key: Step) =>
    left
      .filter(({ rest }) => rest.length > 0 && (rest[0] === undefined || rest[0] === key))
      .map(({ path, rest }) => ({ path, rest: rest.slice(1) }));
  walk(
    value,
    paths.map((path) => ({ path: written(path), rest: path })),
  );
  return found;
}

/** Documents whose members come in the order in which JSON.parse has them. */
const ordered = plainDocument.filter((text) => !/"\d+"\s*:/.test(text));

test("several paths give what walking the whole value gives, in document order", () => {
  fc.assert(
    fc.property(cutAnywhere(ordered), fc.array(steps, { minLength: 1, maxLength: 4 }), ([text, at], paths) => {
      const { values, error } = give(selectJSON(paths.map(written)), cut(text, at));
      assert.equal(error, undefined);
      assert.deepEqual(values, selected(JSON.parse(text), paths));
    }),
    { numRuns: 2000 },
  );
});

test("one path gives the values themselves", () => {
  fc.assert(
    fc.property(cutAnywhere(ordered), steps, ([text, at], path) => {
      const { values } = give(selectJSON(written(path)), cut(text, at));
      assert.deepEqual(
        values,
        selected(JSON.parse(text), [path]).map(({ value }) => value),
      );
    }),
  );
});

test("values and errors do not depend on the cuts", () => {
  fc.assert(
    fc.property(
      cutAnywhere(fc.oneof(mutatedJson, document)),
      fc.array(steps, { minLength: 1, maxLength: 3 }),
      fc.nat(30),
      ([text, at], paths, limit) => {
        const options = { maxValueLength: limit + 1, maxDepth: 3 };
        const [whole, pieces] = [[text], cut(text, at)].map((chunks) => {
          const { values, error, ended } = give(selectJSON(paths.map(written), options), chunks);
          if (!(error instanceof SluiceError)) return { values, error, ended };
          return { values, ended, code: error.code, offset: error.offset, raw: error.raw, message: error.message };
        });
        assert.deepEqual(pieces, whole);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a match comes with the chunk that completes it", () => {
  const { values, counts } = give(selectJSON("$.items[*].id"), [
    '{"items":[{"id":1',
    "}",
    ',{"id":"a',
    '"',
    "},{}",
    "]}",
  ]);
  expect(values).toStrictEqual([1, "a"]);
  expect(counts).toStrictEqual([0, 1, 1, 2, 2, 2, 2]);
});

test("Gemini's array, pretty-printed, with its elements joined by a comma on a line of its own", () => {
  const elements = [
    { candidates: [{ content: { parts: [{ text: "a,\r\n]" }] } }] },
    { usageMetadata: { totalTokenCount: 3 } },
  ];
  const text = `[${elements.map((element) => JSON.stringify(element, null, 2)).join("\n,\r\n")}\n]\n`;
  for (const chunks of [[text], characters(text), cut(text, [1, 30, 31, 60])]) {
    expect(give(selectJSON("$[*]"), chunks)).toMatchObject({ values: elements, ended: true });
  }
});

test("a key can be written with escapes, in the document and in the path", () => {
  expect(give(selectJSON('$["\\u0061\\"b"].c'), ['{"\\u0061\\"', 'b":{"\\u006', '3":1}}']).values).toStrictEqual([1]);
  expect(give(selectJSON("$.a"), ['{"\\u0061b":1,"ab":2,"b":3}']).values).toStrictEqual([]);
});

test("of two equal keys each is a match: nobody knows that a second will come", () => {
  expect(give(selectJSON("$.a"), ['{"a":1,"a":2}']).values).toStrictEqual([1, 2]);
});

test("values of two paths are two objects", () => {
  const [inner, outer, again] = give(selectJSON(["$[0]", "$", "$"]), ["[{}]"]).values;
  expect(outer?.value).toStrictEqual([{}]);
  expect(outer?.value).not.toBe(again?.value);
  expect(Array.isArray(outer?.value) && outer.value[0]).not.toBe(inner?.value);
});

describe("errors", () => {
  test("come behind the matches before them, and have what there was of the outermost one", () => {
    expect(give(selectJSON("$[*]"), ['[{"a":1},{"b', '":x}]'])).toMatchObject({
      values: [{ a: 1 }],
      error: { code: "malformed", offset: 14, raw: '{"b":x' },
    });
    expect(give(selectJSON("$[*]"), ['[{"a":1},{"b'])).toMatchObject({
      values: [{ a: 1 }],
      error: { code: "truncated", offset: 12, raw: '{"b' },
    });
  });
  test("are found where nothing is selected too", () => {
    expect(give(selectJSON("$.a"), ['{"b":[1,', "tru,"]).error).toMatchObject({
      code: "malformed",
      offset: 11,
      raw: ",",
    });
    expect(give(selectJSON("$.a"), ['{"b":[1']).error).toMatchObject({ code: "truncated", offset: 7, raw: "" });
    expect(give(selectJSON("$.a"), ["{} {}"]).error).toMatchObject({ code: "malformed", offset: 3 });
    expect(give(selectJSON("$.a"), ["{", "}  "]).ended).toBe(true);
  });
  test("a limit is one of the values selected, not of the document", () => {
    const text = `[${'"abcd",'.repeat(50)}"abcde"]`;
    for (const chunks of [[text], characters(text)]) {
      const { values, error } = give(selectJSON("$[*]", { maxValueLength: 6 }), chunks);
      expect(values.length).toBe(50);
      expect(error).toMatchObject({ code: "too-long", offset: 351, raw: '"abcde"' });
    }
    expect(give(selectJSON("$.a", { maxValueLength: 1 }), ['{"b":"long enough","a":1}']).values).toStrictEqual([1]);
  });
  test("control characters are kept in strings, or refused", () => {
    expect(give(selectJSON("$[*]"), ['["a\u0001', '\n"]']).values).toStrictEqual(["a\u0001\n"]);
    expect(give(selectJSON("$[*]", { controlCharacters: "reject" }), ['["a\u0001"]']).error).toMatchObject({
      offset: 3,
    });
  });
});

describe("a bad path is a TypeError at the call that points at the character", () => {
  const bad: [path: string, at: number, expected: string][] = [
    ["", 0, "$"],
    ["items", 0, "$"],
    ["$items", 1, ". or ["],
    ["$.", 2, "a name or *"],
    ["$..a", 2, "a name or *"],
    ["$.a b", 3, ". or ["],
    ["$.a-b", 3, ". or ["],
    ["$.1", 2, "a name or *"],
    ["$[", 2, "an index from 0 on, * or a name in double quotes"],
    ["$[-1]", 2, "an index from 0 on"],
    ["$[01]", 3, "]"],
    ["$[1:2]", 3, "]"],
    ["$['a']", 2, "a name in double quotes"],
    ['$["a]', 2, "a name in double quotes"],
    ['$["\\x"]', 2, "a name in double quotes"],
    ["$[*", 3, "]"],
    ["$[?(@.a)]", 2, "an index"],
  ];
  for (const [path, at, expected] of bad) {
    test(JSON.stringify(path), () => {
      const error = errorOf(() => selectJSON(path));
      expect(error).toBeInstanceOf(TypeError);
      const [message = "", shown, pointer] = String(error).split("\n");
      expect(message).toContain(`Bad path at character ${at}: expected `);
      expect(message).toContain(expected);
      expect(shown).toBe(`  ${path}`);
      expect(pointer).toBe(`  ${" ".repeat(at)}^`);
    });
  }
  test("and so is none, or what is no string", () => {
    const loose: (paths: unknown) => unknown = (paths) => selectJSON(paths as string);
    expect(() => loose([])).toThrow(TypeError);
    expect(() => loose(undefined)).toThrow(TypeError);
    expect(() => loose(["$", 1])).toThrow(TypeError);
  });
});

test("every form of a step", () => {
  const text = '{"a":{"b c":[10,[20,21]],"é_1":true}}';
  const paths = ["$", "$.a", '$["a"]', '$.a["b c"][0]', '$.*["b c"][1].*', "$.a.é_1", "$[*][*]", "$.a.b", "$.a[0]"];
  expect(give(selectJSON(paths), [text]).values.map(({ path, value }) => [path, JSON.stringify(value)])).toStrictEqual([
    ['$.a["b c"][0]', "10"],
    ['$.*["b c"][1].*', "20"],
    ['$.*["b c"][1].*', "21"],
    ["$[*][*]", "[10,[20,21]]"],
    ["$.a.é_1", "true"],
    ["$[*][*]", "true"],
    ["$.a", '{"b c":[10,[20,21]],"é_1":true}'],
    ['$["a"]', '{"b c":[10,[20,21]],"é_1":true}'],
    ["$", text],
  ]);
});

describe("the oracle notices", () => {
  test("a parent that comes before its child", () => {
    expect(selected([1], [[], [0]]).map(({ path }) => path)).not.toStrictEqual(["$", "$[0]"]);
  });
  test("a key that looks like an index", () => {
    expect(selected({ "0": 1 }, [[0]])).toStrictEqual([]);
  });
});

function errorOf(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
