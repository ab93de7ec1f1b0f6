import fc from "fast-check";
import type { StandardSchema } from "sluice/json";
import { describe, expect, test } from "vitest";
import { fixtures, illFormedBytes, illFormedValues, replicateBody } from "../fixtures/index.ts";
import { jsonSoup, mutatedJson, sseText, utf8ish, withCuts } from "../support/arbitraries.ts";
import { type Cut, type Cuttable, everyDoubleCut, manyCuts, pieces, someCuts } from "../support/cuts.ts";
import { encode, reading } from "../support/pipelines.ts";
import { type Pipeline, runHearts, valuesOf } from "../support/run.ts";
import { expectSame } from "../support/same.ts";
import { thrownBy } from "../support/thrown.ts";
import { canonical, type ErrorRecord, join } from "../support/transcript.ts";
import {
  bufferParse,
  decode,
  encodeLines,
  encodeSSE,
  filter,
  filterEmpty,
  listChanges,
  map,
  PartialJSONError,
  partialJSON,
  SchemaError,
  selectJSON,
  splitLines,
  splitSSE,
  stage,
  tap,
  unfence,
  validate,
} from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 1. Cuts don't matter: however the bytes are cut into chunks, the values, their order, the errors with their offsets, and
// the end are the same.

/** Checks the law for one input. */
function assertCutsDontMatter(pipeline: Pipeline, input: Cuttable, cuts: Iterable<Cut>): void {
  const expected = observe(pipeline, [input]);
  for (const cut of cuts) {
    const got = observe(pipeline, pieces(input, cut.at));
    expectSame(got, expected, cut.name);
  }
}

interface Observed {
  /** Values and reports in order. */
  log: string[];
  error: ErrorRecord | undefined;
  ended: boolean;
}

function observe(pipeline: Pipeline, chunks: readonly Cuttable[]): Observed {
  const { transcript, log } = runHearts(pipeline, { chunks });
  return { log: together(log).map(canonical), error: transcript.error, ended: transcript.ended };
}

/** Marks text of which only the whole counts: decode's, whose pieces end where the chunks do. */
class Piece {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Joins neighbouring bytes and neighbouring pieces of text. */
function together(log: readonly unknown[]): unknown[] {
  const joined: unknown[] = [];
  for (const entry of log) {
    const last = joined.at(-1);
    if (entry instanceof Uint8Array && last instanceof Uint8Array) joined[joined.length - 1] = join([last, entry]);
    else if (entry instanceof Piece && last instanceof Piece)
      joined[joined.length - 1] = new Piece(last.text + entry.text);
    else joined.push(entry);
  }
  return joined;
}

const decodePieces =
  (options: { fatal?: boolean } = {}): Pipeline =>
  () => [decode(options), map((text: string) => new Piece(text))];

describe("every cut of every fixture", () => {
  for (const fixture of fixtures) {
    test(`${fixture.name}: ${fixture.fact}`, () => {
      const { reporting, throwing } = reading[fixture.framing];
      const bytes = encode(fixture.body);
      assertCutsDontMatter(reporting, bytes, manyCuts(bytes));
      assertCutsDontMatter(throwing, bytes, someCuts(bytes));
      assertCutsDontMatter(reporting, fixture.body, someCuts(fixture.body)); // a body can be text already
    });

    test(`${fixture.name} is read as what it holds`, () => {
      const { transcript } = runHearts(reading[fixture.framing].throwing, { chunks: [encode(fixture.body)] });
      expect(transcript.values).toEqual(fixture.values.map(canonical));
      expect({ ended: transcript.ended, ...transcript.error }).toMatchObject(fixture.error ?? { ended: true });
    });
  }

  test("bytes that are no UTF-8", () => {
    assertCutsDontMatter(reading.sse.reporting, illFormedBytes, manyCuts(illFormedBytes));
    assertCutsDontMatter(decodePieces({ fatal: true }), illFormedBytes, manyCuts(illFormedBytes));
    const { transcript } = runHearts(reading.sse.throwing, { chunks: [illFormedBytes] });
    expect(transcript).toEqual({ values: illFormedValues.map(canonical), reports: [], ended: true });
  });

  test("events that are no JSON, written again", () => {
    const bytes = encode(replicateBody);
    assertCutsDontMatter(() => [decode(), splitSSE()], bytes, manyCuts(bytes));
    assertCutsDontMatter(() => [decode(), splitSSE(), encodeSSE()], bytes, someCuts(bytes));
  });
});

describe("random streams, cut at random", () => {
  const check = (
    name: string,
    input: fc.Arbitrary<Cuttable>,
    pipelines: Record<string, Pipeline>,
    numRuns = 300,
  ): void => {
    for (const [label, pipeline] of Object.entries(pipelines)) {
      test(`${name}: ${label}`, () => {
        fc.assert(
          fc.property(withCuts(input), ([value, at]) => {
            const sizes = [1, 2].map((size) => ({ name: `chunks of ${size}`, at: multiples(size, value.length) }));
            assertCutsDontMatter(pipeline, value, [{ name: `cut at ${at}`, at }, ...sizes]);
          }),
          { numRuns },
        );
      });
    }
  };

  check("bytes", utf8ish, {
    "decode()": decodePieces(),
    "decode({ fatal })": decodePieces({ fatal: true }),
    "decode() before splitLines()": () => [decode(), splitLines()],
  });
  check("event streams", sseText, {
    "splitSSE()": () => [splitSSE()],
    "splitSSE({ tail: 'discard' })": () => [splitSSE({ tail: "discard" })],
    "the four stages, reporting": (onError) => [splitSSE(), filterEmpty(), bufferParse({ onError })],
    "the four stages, throwing, with a sentinel required": () => [
      splitSSE(),
      filterEmpty({ requireSentinel: true, whitespace: "keep" }),
      bufferParse(),
    ],
    "written again": () => [splitSSE(), encodeSSE({ sentinel: "[DONE]" })],
    "splitLines()": () => [splitLines()],
    "lines, filtered, mapped, tapped and written again": () => [
      splitLines(),
      filter((line: string) => line !== ""),
      map((line: string) => line.replaceAll("\r", "")),
      tap(() => {}),
      encodeLines(),
    ],
  });
  for (const [name, text] of Object.entries({ "JSON soup": jsonSoup, "mutated JSON": mutatedJson })) {
    check(name, text, {
      "bufferParse({ framed: false })": () => [bufferParse({ framed: false })],
      "bufferParse({ framed: false, controlCharacters: 'reject', integers: 'bigint' })": () => [
        bufferParse({ framed: false, controlCharacters: "reject", integers: "bigint" }),
      ],
      "splitLines and bufferParse, reporting": (onError) => [splitLines(), bufferParse({ onError })],
      "partialJSON(), whose last snapshot is the value": () => [partialJSON(), filter(({ done }) => done)],
      "partialJSON with changes, whose last snapshot has the value": () => [
        partialJSON({ changes: listChanges }),
        filter(({ done }) => done),
        map(({ value }) => value),
      ],
      "selectJSON()": () => [selectJSON(["$", "$[*]", "$.*", "$.*.*", '$.a["b"]', "$[0][1]"])],
      "selectJSON({ controlCharacters: 'reject' })": () => [selectJSON("$.*", { controlCharacters: "reject" })],
      "unfence()": () => [unfence(), map((text: string) => new Piece(text))],
    });
  }

  test("partialJSON's errors are of their kind for every cut", () => {
    const cut = '{"a":[1,2]';
    const whole = `${cut}}`;
    const schema: StandardSchema = {
      "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "No." }] }) },
    };
    for (const { at } of manyCuts(cut)) {
      expect(thrownBy(() => valuesOf(partialJSON(), pieces(cut, at))) instanceof PartialJSONError).toBe(true);
      const refused = thrownBy(() => valuesOf([partialJSON(), validate(schema)], pieces(whole, at)));
      expect(refused instanceof SchemaError).toBe(true);
    }
  });
});

describe("a limit is passed at the same character for every cut", () => {
  const events = "data: 12345\n\ndata: 12\ndata: 3456\r\n\r\n: a comment\nevent: name\ndata: 1\n\ndata: 123";
  const lines = "1234\r\n12345\n\r\n123456\r\n";
  const values = '{"a":[1,2]} "123" [[[]]] 12345678 [1, [2, [3]]] {"b":{"c":{"d":{}}}}';
  const limits = Array.from({ length: 24 }, (_, index) => index + 1);

  test("maxEventLength", () => {
    for (const maxEventLength of limits) {
      assertCutsDontMatter(() => [splitSSE({ maxEventLength })], events, manyCuts(events));
    }
  });

  test("maxLineLength", () => {
    for (const maxLineLength of limits) {
      assertCutsDontMatter(() => [splitLines({ maxLineLength })], lines, everyDoubleCut(lines.length));
    }
  });

  test("maxValueLength", () => {
    for (const maxValueLength of limits) {
      assertCutsDontMatter(() => [bufferParse({ framed: false, maxValueLength })], values, manyCuts(values));
    }
  });

  test("maxDepth", () => {
    for (const maxDepth of [1, 2, 3, 4, 5]) {
      assertCutsDontMatter(() => [bufferParse({ framed: false, maxDepth })], values, manyCuts(values));
    }
  });

  test("all of them, in random streams", () => {
    const limit = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        withCuts(fc.oneof(sseText, jsonSoup)),
        limit,
        fc.integer({ min: 1, max: 3 }),
        ([text, at], max, maxDepth) => {
          const cuts = [
            { name: `cut at ${at}`, at },
            { name: "chunks of 1", at: multiples(1, text.length) },
          ];
          assertCutsDontMatter(() => [splitSSE({ maxEventLength: max })], text, cuts);
          assertCutsDontMatter(() => [splitLines({ maxLineLength: max })], text, cuts);
          assertCutsDontMatter(() => [bufferParse({ framed: false, maxValueLength: max, maxDepth })], text, cuts);
          assertCutsDontMatter(() => [selectJSON("$.*", { maxValueLength: max, maxDepth })], text, cuts);
          assertCutsDontMatter(
            () => [partialJSON({ maxValueLength: max, maxDepth }), filter(({ done }) => done)],
            text,
            cuts,
          );
          assertCutsDontMatter(
            (onError) => [splitLines(), bufferParse({ maxValueLength: max, maxDepth, onError })],
            text,
            cuts,
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe("the law notices", () => {
  const notices = (name: string, pipeline: Pipeline, input: Cuttable): void => {
    test(name, () => {
      expect(() => assertCutsDontMatter(pipeline, input, manyCuts(input))).toThrow();
    });
  };

  notices(
    "a decoder that forgets what a chunk ended in",
    () => [map((bytes: Uint8Array) => new Piece(new TextDecoder().decode(bytes)))],
    encode("aéb"),
  );
  notices(
    "a reader that parses each chunk as if it were a whole value",
    () => [map((text: string) => JSON.parse(text))],
    "[1,2]",
  );
  notices(
    "a line splitter that takes a chunk's end for a line's",
    () => [stage<string, string>(chunksAsLines)],
    "one\ntwo\n",
  );
  notices("an offset that counts from the chunk", () => [stage<string, string>(offsetInChunk)], "abc!");

  function chunksAsLines(out: { push: (line: string) => void; end: () => void }) {
    return { push: (text: string) => text.split("\n").forEach(out.push), end: out.end };
  }

  function offsetInChunk(out: { end: () => void }) {
    return {
      push(text: string) {
        if (text.includes("!")) throw new RangeError(`bad character at ${text.indexOf("!")}`);
      },
      end: out.end,
    };
  }
});

function multiples(size: number, length: number): number[] {
  return Array.from({ length: Math.floor(length / size) }, (_, index) => (index + 1) * size);
}

testCoverage("1-cuts");
