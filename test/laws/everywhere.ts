import { fixtures, illFormedBytes } from "../fixtures/index.ts";
import { everySize, pieces, randomCuts } from "../support/cuts.ts";
import { encode, reading } from "../support/pipelines.ts";
import { type Input, type Pipeline, ways } from "../support/run.ts";
import { canonical } from "../support/transcript.ts";
import {
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
} from "../support/watched.ts";

// The cases of law 8, without a test runner: what they import runs in every runtime.

export interface Case {
  name: string;
  pipeline: Pipeline;
  input: Input;
}

/** What a runtime says of itself: how many cases it ran, in how many ways, and the digest of all their transcripts. */
export interface Report {
  cases: number;
  runs: number;
  digest: string;
}

const cutBody = (bytes: Uint8Array, seed: number): Input["chunks"][] => [
  [bytes],
  pieces(bytes, everySize(bytes.length, 5).at),
  ...Array.from(randomCuts(bytes.length, 2, seed), ({ at }) => pieces(bytes, at)),
];

const fixtureCases = fixtures.flatMap(({ name, framing, body }, index): Case[] =>
  cutBody(encode(body), index).flatMap((chunks, cut) => [
    { name: `${name}, cut ${cut}, reporting`, pipeline: reading[framing].reporting, input: { chunks } },
    { name: `${name}, cut ${cut}, throwing`, pipeline: reading[framing].throwing, input: { chunks } },
  ]),
);

const lines = encode('{"a":1}\r\n[2\n3]\n"\u0001"\n12345678901234567890\n\n{"__proto__":-0}\ntru');
const otherStages: [name: string, pipeline: Pipeline][] = [
  ["decode({ fatal })", () => [decode({ fatal: true })]],
  [
    "splitSSE with its options",
    () => [decode(), splitSSE({ tail: "discard", maxEventLength: 9 }), encodeSSE({ retry: 5, sentinel: "end" })],
  ],
  ["a sentinel required", () => [decode(), splitLines(), filterEmpty({ requireSentinel: true, whitespace: "keep" })]],
  ["bigints", (onError) => [decode(), splitLines(), bufferParse({ onError, integers: "bigint" })]],
  ["control characters refused", () => [decode(), splitLines(), bufferParse({ controlCharacters: "reject" })]],
  ["limits", (onError) => [decode(), splitLines(), bufferParse({ onError, maxValueLength: 5, maxDepth: 1 })]],
  [
    "the small stages",
    () => [
      decode(),
      splitLines(),
      filter((line: string) => line !== ""),
      map((line: string) => [line]),
      tap(() => {}),
      encodeLines(),
    ],
  ],
  [
    "a stage of one's own that ends early",
    () => [
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
  ],
];

const stageCases = otherStages.flatMap(([name, pipeline]): Case[] =>
  [lines, illFormedBytes].flatMap((bytes, index) =>
    cutBody(bytes, index).flatMap((chunks, cut) => [
      { name: `${name}, body ${index}, cut ${cut}`, pipeline, input: { chunks } },
      {
        name: `${name}, body ${index}, cut ${cut}, broken`,
        pipeline,
        input: { chunks, fails: new RangeError("reset") },
      },
    ]),
  ),
);

export const cases: readonly Case[] = [...fixtureCases, ...stageCases];

/** A case that no two runtimes agree on, to show that the digest notices. */
export const runtimeCase: Case = {
  name: "what the runtime calls itself",
  pipeline: () => [map(() => navigator.userAgent)],
  input: { chunks: [1] },
};

export async function report(list: readonly Case[]): Promise<Report> {
  const transcripts: string[] = [];
  for (const { name, pipeline, input } of list) {
    for (const [way, run] of Object.entries(ways))
      transcripts.push(`${name}, ${way}: ${canonical(await run(pipeline, input))}`);
  }
  const hash = await crypto.subtle.digest("SHA-256", encode(transcripts.join("\n")));
  const digest = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { cases: list.length, runs: transcripts.length, digest };
}
