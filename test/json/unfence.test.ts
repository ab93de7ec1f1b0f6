import fc from "fast-check";
import { fuse } from "sluice";
import { partialJSON, unfence } from "sluice/json";
import { describe, expect, test } from "vitest";
import { cutAnywhere, plainDocument } from "./documents.ts";
import { characters, cut, give } from "./hearts.ts";

// Takes the object or array out of what stands around it, the same for every cut, and never touches what is in it.

const taken = (chunks: readonly string[]): string => give(unfence(), chunks).values.join("");

const containers = plainDocument.map((text) => text.trim()).filter((text) => /^[{[]/.test(text));
const before = fc.constantFrom(
  "",
  "\n",
  "Here it is:\n",
  "Sure! The [list] of {things} [1], as you asked:\n\n",
  "[Note] {x}\n [no] ",
  "{ \n x [ y",
);
const fences = fc.constantFrom(
  ["", ""],
  ["```json\n", "\n```"],
  ["```\n", "\n```\n"],
  ["~~~ JSON\n  ", "\n~~~"],
  ["\n```json\r\n", "\r\n```"],
);
const after = fc.constantFrom("", "\n", '\nAnything else? [1] {"a":2}', "```", " and [2]");

test("what stands around the value is dropped, and the value is untouched", () => {
  const answers = fc.tuple(before, fences, containers, after);
  fc.assert(
    fc.property(
      answers.chain(([words, [open = "", close = ""], text, more]) =>
        fc.tuple(fc.constant(text), cutAnywhere(fc.constant(`${words}\n${open}${text}${close}${more}`))),
      ),
      ([text, [answer, at]]) => {
        expect(taken(cut(answer, at))).toBe(text);
      },
    ),
    { numRuns: 1500 },
  );
});

test("any text gives the same for every cut", () => {
  const soup = fc
    .array(fc.constantFrom(...'{}[]",:1tn -\n`\\', "true", "null", "fals", "```json", '{"a":', "word"), {
      maxLength: 30,
    })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(cutAnywhere(soup), ([text, at]) => {
      expect(taken(cut(text, at))).toBe(taken([text]));
    }),
    { numRuns: 3000 },
  );
});

describe("where it begins", () => {
  const cases: Record<string, [answer: string, value: string]> = {
    "an answer that is JSON and nothing else": ['{"a":[1]}', '{"a":[1]}'],
    "in the middle of a line": ['The answer: {"a":1}.', '{"a":1}'],
    "an array of strings in the middle of a line": ['The answer: [ "a"].', '[ "a"]'],
    "footnotes are none": ['As [1] and [2, 3] say:\n{"a":1}', '{"a":1}'],
    "an array of numbers at the beginning of a line": ["Numbers:\n  [1, 2]", "[1, 2]"],
    "an array of literals at the beginning of a line": ["[ true, null]", "[ true, null]"],
    "a word in brackets at the beginning of a line is none": ['[note]\n[the list]\n[fault]\n{"a":1}', '{"a":1}'],
    "braces of a template are none": ['Hello {{name}}, {x: 1} {[}] {"a":1}', '{"a":1}'],
    "an empty object": ["It is { }!", "{ }"],
    "an empty array": ["It is []!", "[]"],
    "a fence in a string": ['```json\n{"a":"```\\n}"}\n```', '{"a":"```\\n}"}'],
    "words without JSON": ["I am sorry, I can't [do] that.", ""],
    nothing: ["", ""],
    "a bracket at the end": ["and then [", ""],
  };
  for (const [name, [answer, value]] of Object.entries(cases)) {
    test(name, () => {
      expect(taken([answer])).toBe(value);
      expect(taken(characters(answer))).toBe(value);
    });
  }
});

test("what is malformed or cut off is the next stage's to say", () => {
  const stages = () => fuse(unfence(), partialJSON());
  expect(give(stages(), ['```json\n{"a":tru', "!}\n```"]).error).toMatchObject({ code: "malformed", offset: 8 });
  expect(give(stages(), ['```json\n{"a":1']).error).toMatchObject({ code: "truncated", raw: '{"a":1' });
  expect(give(stages(), ["No."]).error).toMatchObject({ code: "truncated", offset: 0 });
});

test("what comes is passed on with the chunk it comes in", () => {
  expect(give(unfence(), ["```json\n", "{", ' "a', '":1', "}\n", "```"]).counts).toStrictEqual([0, 0, 1, 2, 3, 3, 3]);
});
