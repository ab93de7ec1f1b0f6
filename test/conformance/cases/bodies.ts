import {
  type BufferParseOptions,
  bufferParse,
  decode,
  encodeLines,
  encodeSSE,
  filter,
  filterEmpty,
  map,
  splitLines,
  splitSSE,
  stage,
  tap,
} from "sluice";
import { type Fixture, fixtures, illFormedBytes } from "../../fixtures/index.ts";
import { type Cuttable, everySize, pieces, randomCuts, whole } from "../../support/cuts.ts";
import { type Input, type Pipeline, ways } from "../../support/run.ts";
import { canonical } from "../../support/transcript.ts";
import type { Case, Note } from "../case.ts";
import { utf8 } from "../tools.ts";

// Whole bodies, cut in several ways, through several stages, run in every way: each body has one transcript.

/** Runs stages over every cut in every way, and notes what they give where it is not what the first gave. */
async function compare(
  note: Note,
  pipeline: Pipeline,
  body: Cuttable,
  seed: number,
  end: Partial<Input> = {},
): Promise<void> {
  let first: unknown;
  for (const { name, at } of [whole, everySize(body.length, 5), ...randomCuts(body.length, 2, seed)]) {
    for (const [way, run] of Object.entries(ways)) {
      const seen = await run(pipeline, { ...end, chunks: pieces(body, at) });
      if (first === undefined) note(way, seen);
      else if (canonical(seen) !== canonical(first)) note.is(`${way}, ${name}`, seen, first);
      first ??= seen;
    }
  }
}

/** The stages that read each framing. */
const reading: Record<Fixture["framing"], (onError: BufferParseOptions["onError"] & {}) => ReturnType<Pipeline>> = {
  sse: (onError) => [decode(), splitSSE(), filterEmpty(), bufferParse({ onError })],
  lines: (onError) => [decode(), splitLines(), filterEmpty(), bufferParse({ onError })],
  bare: () => [decode(), bufferParse({ framed: false })],
};

const fixtureCases = fixtures.map(
  ({ name, framing, body }, index): Case => ({
    name: `body: ${name}`,
    async run(note) {
      await compare(note, (onError) => reading[framing](onError), utf8(body), index);
      await compare(note, () => reading[framing]("throw"), utf8(body), index);
    },
  }),
);

const lines = utf8('{"a":1}\r\n[2\n3]\n"\u0001"\n12345678901234567890\n\n{"__proto__":-0}\ntru');

const pipelines: Readonly<Record<string, Pipeline>> = {
  "decode({ fatal })": () => [decode({ fatal: true }), splitLines()],
  "splitSSE with its options, encodeSSE": () => [
    decode(),
    splitSSE({ tail: "discard", maxEventLength: 9 }),
    encodeSSE({ retry: 5, sentinel: "end" }),
  ],
  "a sentinel required": () => [decode(), splitLines(), filterEmpty({ requireSentinel: true, whitespace: "keep" })],
  bigints: (onError) => [decode(), splitLines(), bufferParse({ onError, integers: "bigint" })],
  "control characters refused": () => [decode(), splitLines(), bufferParse({ controlCharacters: "reject" })],
  limits: (onError) => [decode(), splitLines(), bufferParse({ onError, maxValueLength: 5, maxDepth: 1 })],
  "the small stages": () => [
    decode(),
    splitLines(),
    filter((line: string) => line !== ""),
    map((line: string) => [line]),
    tap(() => undefined),
    encodeLines(),
  ],
  "a stage of one's own that ends early": () => [
    decode(),
    splitLines(),
    stage<string, string>((out) => ({
      push(line) {
        out.push(line);
        out.end();
      },
      end: out.end,
    })),
  ],
};

const pipelineCases = Object.entries(pipelines).flatMap(([name, pipeline]): Case[] => [
  { name: `stages: ${name}`, run: (note) => compare(note, pipeline, lines, 1) },
  { name: `stages: ${name}, of bytes that are not UTF-8`, run: (note) => compare(note, pipeline, illFormedBytes, 2) },
  {
    name: `stages: ${name}, of a connection that breaks`,
    run: (note) => compare(note, pipeline, lines, 3, { fails: new RangeError("reset") }),
  },
]);

export const bodies: readonly Case[] = [...fixtureCases, ...pipelineCases];
