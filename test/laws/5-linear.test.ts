import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Sink } from "sluice";
import { describe, expect, test } from "vitest";
import { everySize, pieces } from "../support/cuts.ts";
import { encode } from "../support/pipelines.ts";
import { connectAll, type Pipeline } from "../support/run.ts";
import {
  bufferParse,
  decode,
  encodeLines,
  encodeSSE,
  filterEmpty,
  splitLines,
  splitSSE,
  stage,
} from "../support/watched.ts";
import { countWork, type Work } from "../support/work.ts";
import { testCoverage } from "./coverage.ts";

// Law 5. Time is O(bytes) and memory O(largest chunk + largest pending value), for every cut and every hostile input.
//
// Work is counted, never timed: characters touched by string methods, regular expressions, joins, decoders and JSON.parse.

/** Makes the chunks of an input of about `size` characters. */
type Input = (size: number) => readonly unknown[];

const SMALL = 8_000;

/** Checks the law: twice the input is about twice the work, and four times is about four times. */
function assertLinear(pipeline: Pipeline, input: Input): void {
  const [once, twice, fourTimes] = [1, 2, 4].map((factor) => work(pipeline, input(SMALL * factor)).total) as [
    number,
    number,
    number,
  ];
  expect(twice / once, "the work of twice the input").toBeLessThan(2.4);
  expect(fourTimes / once, "the work of four times the input").toBeLessThan(4.8);
}

function work(pipeline: Pipeline, chunks: readonly unknown[]): Work {
  const hearts = forgetting(pipeline);
  return countWork(() => {
    try {
      for (const chunk of chunks) hearts.push(chunk);
      hearts.end();
    } catch {
      // Work up to an error is work too.
    }
  });
}

/** The hearts, in front of nothing: what they give and report is not kept. */
function forgetting(pipeline: Pipeline): Sink<unknown> {
  return connectAll(
    pipeline(() => {}),
    { push() {}, end() {} },
  );
}

const cut = (text: string, size: number): string[] => pieces(text, everySize(text.length, size).at);
const times = (count: number, text: string): string => text.repeat(Math.ceil(count / text.length));
const frames = (size: number, frame: string): string[] =>
  Array.from({ length: Math.ceil(size / frame.length) }, () => frame);

const four: Pipeline = (onError) => [decode(), splitSSE(), filterEmpty(), bufferParse({ onError })];
const bare: Pipeline = () => [bufferParse({ framed: false, maxDepth: Number.POSITIVE_INFINITY })];
const framed: Pipeline = (onError) => [bufferParse({ onError, maxDepth: Number.POSITIVE_INFINITY })];
const text = (size: number): string => JSON.stringify({ text: times(size, 'word \\ "quoted" \n é 😀 ') });

describe("one big value", () => {
  const event = (size: number): string => `data: ${text(size)}\n\n`;
  for (const size of [1, 5, 256]) {
    test(`in an event in chunks of ${size}`, () => assertLinear(four, (length) => cut(event(length), size)));
    test(`in bytes in chunks of ${size}`, () =>
      assertLinear(four, (length) => {
        const bytes = encode(event(length));
        return pieces(bytes, everySize(bytes.length, size).at);
      }));
    test(`in bare text in chunks of ${size}`, () => assertLinear(bare, (length) => cut(text(length), size)));
    test(`over frames of ${size}`, () => assertLinear(framed, (length) => cut(text(length), size)));
    test(`in a line in chunks of ${size}`, () =>
      assertLinear(
        () => [splitLines(), bufferParse()],
        (length) => cut(`${text(length)}\n`, size),
      ));
  }

  test("is given to JSON.parse once", () => {
    const chunks = cut(event(SMALL), 5);
    expect(work(four, chunks).parsed).toBeLessThanOrEqual(chunks.join("").length);
  });

  test("in one chunk is given to JSON.parse once or, when native JSON.parse refuses it, twice", () => {
    const hostile = event(SMALL).replaceAll("word", "word\u0001");
    expect(work(four, [event(SMALL)]).parsed).toBeLessThanOrEqual(event(SMALL).length);
    expect(work(four, [hostile]).parsed).toBeLessThanOrEqual(2 * hostile.length + SMALL * 3);
  });
});

describe("many small things in one chunk", () => {
  const inOneChunk: Record<string, [Pipeline, string]> = {
    events: [four, 'data: {"n":1}\n\n'],
    "events with CR": [four, 'data: {"n":1}\r\r'],
    "events with LF and CR, mixed": [four, 'data: {"n":1}\n\rdata: 2\r\n\r\n'],
    "line feeds": [four, "\n"],
    "carriage returns": [four, "\r"],
    "line feeds, with one CR at the end": [four, "\n\n\n\n\n\n\n\n"],
    "data lines of one event": [four, "data: 1\n"],
    "empty data lines of one event": [four, "data\n"],
    comments: [four, ": c\n"],
    "fields nobody knows": [four, "x: y\n"],
    "ids without an event": [four, "id: 1\n"],
    colons: [four, ":"],
    lines: [() => [splitLines()], "a\n"],
    "carriage returns in a line": [() => [splitLines()], "\r"],
    values: [bare, '{"n":1}'],
    numbers: [bare, "1 "],
    "values in one frame": [framed, '{"n":1} [2]'],
    "white space": [bare, " \n\t"],
    "control characters": [bare, "\u0000\u0001"],
    "control characters in a frame": [() => [filterEmpty()], "\u0000 "],
    brackets: [bare, "["],
    "brackets in a frame": [framed, "[{"],
    "brackets up to the limit": [() => [bufferParse()], "["],
    "the characters of an invalid literal": [framed, "nul"],
  };
  for (const [name, [pipeline, unit]] of Object.entries(inOneChunk)) {
    test(name, () => assertLinear(pipeline, (size) => [times(size, unit)]));
    test(`${name}, a chunk each`, () => assertLinear(pipeline, (size) => frames(size, unit)));
  }
  test("a CR that stands far behind many LFs", () => assertLinear(four, (size) => [`${times(size, "data: 1\n\n")}\r`]));
  test("an LF that stands far behind many CRs", () =>
    assertLinear(four, (size) => [`${times(size, "data: 1\r\r")}\n`]));
});

describe("hostile values", () => {
  const inside: Record<string, (size: number) => string> = {
    "raw control characters": (size) => `["${times(size, "\u0001")}"]`,
    escapes: (size) => `["${times(size, "\\\\\\u00e9\\n")}"]`,
    "a long number": (size) => `[${times(size, "1")}]`,
    "a long fraction": (size) => `[0.${times(size, "1")}]`,
    "long integers": (size) => `[${times(size, "12345678901234567890,")}1]`,
    "digits in strings": (size) => `[${times(size, '"12345678901234567890",')}1]`,
    "many keys": (size) => `{${times(size, '"a":1,')}"b":2}`,
    "nested as deep as it is long": (size) => "[".repeat(size / 2) + "]".repeat(size / 2),
  };
  for (const [name, make] of Object.entries(inside)) {
    const bigint: Pipeline = () => [bufferParse({ integers: "bigint", maxDepth: 2_000 })];
    test(name, () => {
      assertLinear(framed, (size) => [make(size)]);
      assertLinear(framed, (size) => cut(make(size), 1));
      assertLinear(bare, (size) => cut(make(size), 3));
      assertLinear(bigint, (size) => [make(size)]);
    });
  }
});

describe("errors, again and again", () => {
  const broken: Record<string, (size: number) => string[]> = {
    "malformed frames": (size) => frames(size, "{nope}"),
    "frames that look whole and are not": (size) => frames(size, '{"a":}}'),
    "fragments that the next frame breaks": (size) => frames(size, '{"a'),
    "fragments of strings": (size) => frames(size, '["a'),
    "one long fragment, broken at the end": (size) => ["[", ...frames(size, '"a",'), "}"],
    "one long fragment of whole values, broken at the end": (size) => [
      '["a",',
      ...frames(size, '{"n":1}').flatMap((frame) => [frame, ","]),
      "}",
    ],
    "one long fragment that the end breaks": (size) => [
      "[",
      ...frames(size, '{"n":1}').flatMap((frame) => [frame, ","]),
    ],
    "fragments of whole values, each broken": (size) =>
      frames(size, "[{n:1},}").flatMap(() => ["[", '{"n":1}', ",", "}"]),
    "a fragment in which every frame has a control character": (size) => [
      "[",
      ...frames(size, '{"n":"\u0001"}').flatMap((frame) => [frame, ","]),
    ],
  };
  for (const [name, make] of Object.entries(broken)) {
    test(name, () => {
      assertLinear(framed, make);
      assertLinear((onError) => [bufferParse({ onError, maxValueLength: 500, maxDepth: 3 })], make);
    });
  }
});

describe("bytes", () => {
  const bytes: Record<string, number[]> = {
    "of one-byte characters": [0x61],
    "of four-byte characters": [0xf0, 0x9f, 0x98, 0x80],
    "that only continue": [0x80],
    "that only begin": [0xf0],
    "that never end": [0xf0, 0x9f],
  };
  for (const [name, unit] of Object.entries(bytes)) {
    test(name, () => {
      const make = (size: number): Uint8Array =>
        Uint8Array.from({ length: size }, (_, index) => unit[index % unit.length] ?? 0);
      for (const size of [1, 3, 1_000_000]) {
        assertLinear(
          () => [decode()],
          (length) => pieces(make(length), everySize(length, size).at),
        );
        assertLinear(
          () => [decode({ fatal: true })],
          (length) => pieces(make(length), everySize(length, size).at),
        );
      }
    });
  }

  test("that an ill-formed one ends", () => {
    assertLinear(
      () => [decode({ fatal: true })],
      (size) => [Uint8Array.from([...encode("é".repeat(size / 2)), 0xff])],
    );
  });

  test("written", () => {
    assertLinear(
      () => [encodeSSE()],
      (size) => [times(size, "a\r\n\r")],
    );
    assertLinear(
      () => [encodeSSE()],
      (size) => frames(size, "a\n"),
    );
    assertLinear(
      () => [encodeLines()],
      (size) => frames(size, "a\n"),
    );
  });
});

describe("memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const MEGABYTE = 2 ** 20;

  /** How much more is held after each of `count` chunks, at most, in bytes. */
  function held(pipeline: Pipeline, count: number, chunkAt: (index: number) => unknown): number {
    let most = 0;
    let before = 0;
    const hearts = forgetting(pipeline);
    for (let index = 0; index < count; index++) {
      hearts.push(chunkAt(index));
      if (index % Math.ceil(count / 4) !== 0) continue;
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      const now = heapUsed + arrayBuffers;
      if (index === 0) before = now;
      most = Math.max(most, now - before);
    }
    return most;
  }

  test("nothing of what has been read is held", () => {
    const chunk = encode(times(MEGABYTE, 'data: {"text":"some words, and then some more of them"}\r\n\r\n'));
    expect(held(four, 24, () => chunk)).toBeLessThan(4 * MEGABYTE);
  });

  test("a small rest does not hold the chunk it was cut from for long", () => {
    const chunk = `data: {"text":"${times(MEGABYTE, "x")}"}\n\ndata: {"rest":`;
    expect(held(four, 24, (index) => (index === 0 ? "" : `${index}}\n\n${chunk}`))).toBeLessThan(8 * MEGABYTE);
  });

  test("errors that are reported are not held", () => {
    const chunk = encode(`data: {"text": nope ${times(MEGABYTE / 4, "and some more")}\n\ndata: [1\n\n`);
    expect(held(four, 64, () => chunk)).toBeLessThan(4 * MEGABYTE);
  });

  test("a pending value is held about once, in chunks of a sensible size", () => {
    const chunk = times(MEGABYTE, "words ");
    const most = held(four, 16, (index) => (index === 0 ? 'data: {"text":"' : chunk + index));
    expect(most).toBeLessThan(2.5 * 16 * MEGABYTE);
  });
});

describe("the law notices", () => {
  const collecting =
    (retry: (text: string) => void): Pipeline =>
    () => [
      stage<string, never>((out) => {
        let all = "";
        return {
          push(chunk) {
            all += chunk;
            retry(all);
          },
          end: out.end,
        };
      }),
    ];

  test("a reader that parses everything again at each chunk", () => {
    const again = collecting((all) => {
      try {
        JSON.parse(all);
      } catch {
        // The circulating fix.
      }
    });
    expect(() => assertLinear(again, (size) => cut(text(size), 50))).toThrow("the work of twice the input");
  });

  test("a splitter that looks for the end from the beginning each time", () => {
    expect(() =>
      assertLinear(
        collecting((all) => void all.indexOf("\n\n")),
        (size) => cut(times(size, "x"), 50),
      ),
    ).toThrow();
  });

  test("a splitter that cuts the rest off anew for each event", () => {
    const slicing: Pipeline = () => [
      stage<string, never>((out) => ({
        push(chunk) {
          for (let rest = chunk; rest !== ""; rest = rest.slice(rest.indexOf("\n") + 1));
        },
        end: out.end,
      })),
    ];
    expect(() => assertLinear(slicing, (size) => [times(size, "a\n")])).toThrow();
  });
});

testCoverage("5-linear");
