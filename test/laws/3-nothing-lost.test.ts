import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blank, jsonSoup, jsonValue, sseText, utf8ish } from "../support/arbitraries.ts";
import { encode } from "../support/pipelines.ts";
import { type Pipeline, runHearts, ways } from "../support/run.ts";
import { join, type Transcript } from "../support/transcript.ts";
import {
  bufferParse,
  decode,
  encodeLines,
  encodeSSE,
  filterEmpty,
  map,
  splitLines,
  splitSSE,
  stage,
} from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 3. Nothing is lost: up to the error that ended the stream, every byte ends in a value, in a documented drop, or in an
// error's `raw`.
//
// Streams are made of pieces that carry marks, characters for private use which cannot be cut, and of pieces whose drop is
// documented, which carry none.

/** Checks the law: the marks that were found are the first of all, and all of them when nothing ended the stream early. */
function assertNothingIsLost(marks: number, { values, reports, error, ended }: Transcript): void {
  const inValues = values.flatMap(marksIn);
  const found = new Set([...inValues, ...reports.flatMap(({ raw }) => marksIn(raw)), ...marksIn(error?.raw)]);
  expect(
    [...found].sort((a, b) => a - b),
    "the marks found",
  ).toEqual(upTo(ended ? marks : found.size));
  expect(inValues, "the marks in values, in order and once each").toEqual([...new Set(inValues)].sort((a, b) => a - b));
}

const FIRST_MARK = 0xe000;
const mark = (index: number): string => String.fromCharCode(FIRST_MARK + index);
const marksIn = (text = ""): number[] =>
  Array.from(text.matchAll(/[\ue000-\uf8ff]/g), ([character]) => character.charCodeAt(0) - FIRST_MARK);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** A piece of a stream: how many marks it carries, and its frames. */
interface Piece {
  marks: number;
  frames: (first: number) => string[];
}

const object = (index: number): string => JSON.stringify({ k: mark(index) });

const whole = fc.constantFrom<Piece>(
  { marks: 1, frames: (first) => [object(first)] },
  { marks: 1, frames: (first) => [` ${JSON.stringify([mark(first)], null, 1)}\t`] },
  { marks: 1, frames: (first) => [JSON.stringify(mark(first))] },
  { marks: 2, frames: (first) => [object(first) + object(first + 1)] },
  { marks: 3, frames: (first) => [[0, 1, 2].map((step) => JSON.stringify(mark(first + step))).join(" ")] },
  { marks: 1, frames: (first) => [`\u0007{"k":"\u0001${mark(first)}\u001f"}\u0000`] },
);

const split = fc.array(fc.nat(30), { minLength: 1, maxLength: 3 }).map<Piece>((at) => ({
  marks: 1,
  frames(first) {
    const text = object(first);
    const places = [0, ...at.map((place) => 1 + (place % (text.length - 1))).sort((a, b) => a - b), text.length];
    return places.slice(1).map((end, index) => text.slice(places[index], end));
  },
}));

const garbage = fc.constantFrom<Piece>(
  { marks: 1, frames: (first) => [`oops ${mark(first)}`] },
  { marks: 1, frames: (first) => [`{"k": ${mark(first)}}`] },
  { marks: 2, frames: (first) => [`${object(first)}, ${object(first + 1)}`] },
  { marks: 2, frames: (first) => [`${JSON.stringify(mark(first))}${JSON.stringify(mark(first + 1))}`] },
  { marks: 1, frames: (first) => [`]${mark(first)}`] },
  { marks: 1, frames: (first) => [`${"[".repeat(50)}${mark(first)}`] },
  { marks: 1, frames: (first) => [JSON.stringify({ k: mark(first) + "x".repeat(500) })] },
);

const fragment = fc.constantFrom<Piece>(
  { marks: 1, frames: (first) => [`{"k":"${mark(first)}`] },
  { marks: 1, frames: (first) => [`[["${mark(first)}"],`] },
  { marks: 2, frames: (first) => ["[", object(first), ",", object(first + 1)] },
  { marks: 2, frames: (first) => [`["${mark(first)}\\`, `"${mark(first + 1)}`] },
  { marks: 1, frames: (first) => [`"${mark(first)}\\u00`] },
);

const dropped = fc
  .constantFrom("", " ", "\t \t", "\u0000", "\u0007\u001b", "[DONE]", " [DONE] ")
  .map<Piece>((text) => ({
    marks: 0,
    frames: () => [text],
  }));

const streamOfPieces = fc
  .array(fc.oneof({ weight: 3, arbitrary: whole }, split, garbage, fragment, dropped), { maxLength: 12 })
  .map((pieces) => {
    let marks = 0;
    const frames = pieces.flatMap((piece) => {
      const made = piece.frames(marks);
      marks += piece.marks;
      return made;
    });
    return { marks, frames };
  });

const asSSE = (frames: readonly string[]): string =>
  frames
    .map((frame, index) => `: comment\nid: ${index}\nunknown: x\n${asData(frame)}retry: 1\n\nevent: empty\n\n`)
    .join("");
const asData = (frame: string): string =>
  frame
    .split("\n")
    .map((line) => `data: ${line}\n`)
    .join("");
const asLines = (frames: readonly string[]): string =>
  frames.map((frame) => `${frame.replaceAll("\n", " ")}\r\n`).join("");

const limits = { maxDepth: 20, maxValueLength: 200 };

describe("every mark of a stream of values, garbage, fragments and nothing is found", () => {
  const readings: Record<string, { write: (frames: readonly string[]) => string; stages: Pipeline }> = {
    "events, reporting": {
      write: asSSE,
      stages: (onError) => [decode(), splitSSE(), filterEmpty(), bufferParse({ onError, ...limits })],
    },
    "events, throwing": { write: asSSE, stages: () => [decode(), splitSSE(), filterEmpty(), bufferParse(limits)] },
    "events, with a limit on them": {
      write: asSSE,
      stages: () => [decode(), splitSSE({ maxEventLength: 60 }), map(({ data }) => data)],
    },
    "lines, reporting": {
      write: asLines,
      stages: (onError) => [decode(), splitLines(), filterEmpty(), bufferParse({ onError, ...limits })],
    },
    "lines, throwing, control characters refused": {
      write: asLines,
      stages: () => [decode(), splitLines(), filterEmpty(), bufferParse({ controlCharacters: "reject" })],
    },
    "lines, without filterEmpty": {
      write: asLines,
      stages: (onError) => [decode(), splitLines(), bufferParse({ onError, ...limits })],
    },
  };
  for (const [name, { write, stages }] of Object.entries(readings)) {
    test(name, () => {
      fc.assert(
        fc.property(streamOfPieces, ({ marks, frames }) => {
          assertNothingIsLost(marks, runHearts(stages, { chunks: [encode(write(frames))] }).transcript);
        }),
        { numRuns: 500 },
      );
    });
  }

  test("in every way of running", async () => {
    await fc.assert(
      fc.asyncProperty(streamOfPieces, async ({ marks, frames }) => {
        const stages: Pipeline = (onError) => [splitSSE(), filterEmpty(), bufferParse({ onError, ...limits })];
        const chunks = frames.map((frame) => asSSE([frame]));
        for (const run of Object.values(ways)) assertNothingIsLost(marks, await run(stages, { chunks }));
      }),
      { numRuns: 50 },
    );
  });
});

describe("every character is accounted for", () => {
  test("bufferParse({ framed: false }): the values' text and the error's raw are the input, white space apart", () => {
    const values = fc.array(fc.tuple(jsonValue, blank), { maxLength: 6 });
    fc.assert(
      fc.property(values, jsonSoup, (list, rest) => {
        const texts = list.map(([value]) => JSON.stringify(value));
        const input = list.map(([, space], index) => `${texts[index]} ${space}`).join("") + rest;
        const read: unknown[] = [];
        const { transcript } = runHearts(() => [bufferParse({ framed: false }), map((value) => read.push(value))], {
          chunks: [input],
        });
        expect(read.slice(0, texts.length).map((value) => JSON.stringify(value))).toEqual(texts);
        const { error } = transcript;
        if (error?.raw === undefined) return;
        // The raw text is what stands there, and before it there is nothing but what may stand between values.
        const end = error.code === "truncated" ? input.length : (error.offset ?? 0) + 1;
        const start = end - error.raw.length;
        expect(input.slice(start, end)).toBe(error.raw);
        if (read.length === texts.length) expect(input.slice(input.length - rest.length, start)).toMatch(/^[\0- ]*$/);
      }),
      { examples: [[[], "nnn"]] }, // whose raw text, "nn", stands there twice
    );
  });

  test("splitLines: the lines and the error's raw are the text", () => {
    fc.assert(
      fc.property(sseText, fc.integer({ min: 1, max: 20 }), (text, maxLineLength) => {
        const lines: string[] = [];
        const stages: Pipeline = () => [splitLines({ maxLineLength }), map((line: string) => lines.push(line))];
        const { error } = runHearts(stages, { chunks: [text] }).transcript;
        const normal = text.replaceAll("\r\n", "\n").replace(/\r$/, ""); // at the end a CR may be half of a CRLF
        const accounted = lines.map((line) => `${line}\n`).join("") + (error?.raw ?? "");
        if (error === undefined) expect([normal, `${normal}\n`]).toContain(accounted);
        else expect(normal.startsWith(accounted)).toBe(true);
      }),
    );
  });

  test("decode: the text and the error's raw are the bytes, the byte order mark apart", () => {
    fc.assert(
      fc.property(utf8ish, (bytes) => {
        const texts: string[] = [];
        const stages: Pipeline = () => [decode({ fatal: true }), map((text: string) => texts.push(text))];
        const { error } = runHearts(stages, { chunks: [bytes] }).transcript;
        const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
        const wrong = error?.raw?.split(" ").map((hex) => Number.parseInt(hex, 16)) ?? [];
        const accounted = join([bytes.slice(0, mark), encode(texts.join("")), Uint8Array.from(wrong)]);
        expect(accounted).toEqual(bytes.slice(0, error === undefined ? undefined : accounted.length));
        if (error !== undefined) expect(error.offset).toBe(accounted.length - wrong.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test("encodeSSE and encodeLines: what they write is read back", () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { maxLength: 8 }), (values) => {
        const texts = values.map((value) => JSON.stringify(value));
        const back = (stages: Pipeline, chunks: readonly unknown[]): unknown[] => {
          const read: unknown[] = [];
          runHearts((report) => [...stages(report), map((value) => read.push(value))], { chunks });
          return read.map((value) => JSON.stringify(value));
        };
        expect(back(() => [encodeSSE(), decode(), splitSSE(), bufferParse()], texts)).toEqual(texts);
        expect(back(() => [encodeLines(), decode(), splitLines(), bufferParse()], values)).toEqual(texts);
      }),
    );
  });
});

describe("the law notices", () => {
  const run = (stages: Pipeline, frames: readonly string[]): Transcript =>
    runHearts(stages, { chunks: frames }).transcript;

  test("a reader that goes on after an error without a word", () => {
    const silent: Pipeline = () => [
      stage<string, unknown>((out) => ({
        push(frame) {
          try {
            out.push(JSON.parse(frame));
          } catch {
            // The circulating fix.
          }
        },
        end: out.end,
      })),
    ];
    expect(() => assertNothingIsLost(3, run(silent, [object(0), `{"k": nope ${mark(1)}`, object(2)]))).toThrow(
      "the marks found",
    );
  });

  test("a reader that drops what is left at the end", () => {
    const careless: Pipeline = () => [
      splitLines(),
      stage<string, string>((out) => {
        let last = "";
        return {
          push(line) {
            if (last !== "") out.push(last);
            last = line;
          },
          end: out.end,
        };
      }),
    ];
    expect(() => assertNothingIsLost(2, run(careless, [`${mark(0)}\n`, `${mark(1)}`]))).toThrow("the marks found");
  });

  test("a reader that delivers something twice, or out of order", () => {
    const twice: Pipeline = () => [
      stage<string, string>((out) => ({
        push(frame) {
          out.push(frame);
          out.push(frame);
        },
        end: out.end,
      })),
    ];
    expect(() => assertNothingIsLost(1, run(twice, [mark(0)]))).toThrow("once each");
    expect(() => assertNothingIsLost(2, { values: [mark(1), mark(0)], reports: [], ended: true })).toThrow("in order");
  });
});

testCoverage("3-nothing-lost");
