import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixtures } from "../fixtures/index.ts";
import { jsonContainer, jsonText } from "../support/arbitraries.ts";
import { everySize, pieces } from "../support/cuts.ts";
import { encode } from "../support/pipelines.ts";
import { type Pipeline, runHearts, ways } from "../support/run.ts";
import type { ErrorRecord, Transcript } from "../support/transcript.ts";
import { bufferParse, decode, filterEmpty, splitLines, splitSSE, stage } from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 4, for the core: an unfinished end is an error. (What a whole answer is, `sluice/chat` says.)

/** Checks the law: a stream that stops here has an error at its end. */
function assertUnfinishedIsSaid(pipeline: Pipeline, text: string, expected: Partial<ErrorRecord> = {}): void {
  const { transcript } = runHearts(pipeline, { chunks: [text] });
  expect(saysItsEnd(transcript), JSON.stringify(text)).toMatchObject({ code: "truncated", ...expected });
}

function saysItsEnd({ error, reports }: Transcript): ErrorRecord | undefined {
  return error ?? reports.at(-1);
}

const framed: Pipeline = () => [bufferParse()];
const bare: Pipeline = () => [bufferParse({ framed: false })];
const reporting: Pipeline = (onError) => [bufferParse({ onError })];

describe("bufferParse", () => {
  test("every prefix of an object or array is truncated, with all of it in raw and the end as its offset", () => {
    fc.assert(
      fc.property(jsonContainer, fc.constantFrom(0, 2), fc.nat(), (value, indent, place) => {
        const text = JSON.stringify(value, null, indent);
        const prefix = text.slice(0, 1 + (place % (text.length - 1)));
        for (const stages of [framed, bare, reporting]) {
          assertUnfinishedIsSaid(stages, prefix, { raw: prefix, offset: prefix.length });
          assertUnfinishedIsSaid(stages, `{"n":1} ${prefix}`, { raw: prefix, offset: prefix.length + 8 });
        }
      }),
      { numRuns: 500 },
    );
  });

  test("every prefix of a string or literal is truncated; a number's is a number or truncated", () => {
    for (const text of ['"a\\u00e9\\n😀"', "true", "false", "null"]) {
      for (let length = 1; length < text.length; length++) {
        for (const stages of [framed, bare, reporting]) {
          assertUnfinishedIsSaid(stages, text.slice(0, length), { raw: text.slice(0, length), offset: length });
        }
      }
    }
    for (const prefix of ["-", "1.", "1e", "1E+", "-0.", "1.5e-"])
      assertUnfinishedIsSaid(bare, prefix, { raw: prefix });
    for (const number of ["-1", "1.5", "1e5", "0", "-0.0E-0"]) {
      expect(runHearts(bare, { chunks: [number] }).transcript).toMatchObject({
        values: [expect.anything()],
        ended: true,
      });
    }
  });

  test("a fragment over several frames is truncated at the end, white space before it excluded", () => {
    const { transcript } = runHearts(framed, { chunks: [' {"a":', " [1,", "2"] });
    expect(transcript).toMatchObject({
      values: [],
      ended: false,
      error: { code: "truncated", raw: '{"a": [1,2', offset: 11 },
    });
  });

  test("a value that is whole is whole whatever white space follows", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        for (const stages of [framed, bare, reporting]) {
          const { transcript } = runHearts(stages, { chunks: [text] });
          expect({ count: transcript.values.length, reports: transcript.reports, ended: transcript.ended }).toEqual({
            count: 1,
            reports: [],
            ended: true,
          });
        }
      }),
    );
  });
});

describe("filterEmpty({ requireSentinel: true })", () => {
  const stages: Pipeline = () => [decode(), splitSSE(), filterEmpty({ requireSentinel: true }), bufferParse()];

  for (const { name, framing, body, error } of fixtures) {
    const sentinelEnd = body.lastIndexOf("[DONE]") + "[DONE]".length;
    if (framing !== "sse" || error !== undefined || !/data: \[DONE]\r?\n?\r?\n?$/.test(body)) continue;

    test(`${name}: cut anywhere before its sentinel is whole, it is said`, () => {
      for (let length = 0; length < sentinelEnd; length++) {
        const { transcript } = runHearts(stages, { chunks: [body.slice(0, length)] });
        expect(transcript.ended, `${length} characters`).toBe(false);
      }
      for (let length = sentinelEnd; length <= body.length; length++) {
        const { transcript } = runHearts(stages, { chunks: [body.slice(0, length)] });
        expect(transcript.error, `${length} characters`).toBeUndefined();
      }
    });
  }

  test("an end without a sentinel is truncated, at the end, behind the values", () => {
    const lines: Pipeline = () => [splitLines(), filterEmpty({ requireSentinel: true, sentinels: ["end", "END"] })];
    expect(runHearts(lines, { chunks: ["a\n\nbc\n"] }).transcript).toMatchObject({
      values: ['"a"', '"bc"'],
      ended: false,
      error: { code: "truncated", raw: "", offset: 3 },
    });
    for (const sentinel of ["end", "END"]) {
      expect(runHearts(lines, { chunks: [`a\n${sentinel}`] }).transcript).toMatchObject({
        values: ['"a"'],
        ended: true,
      });
    }
    assertUnfinishedIsSaid(lines, "");
    assertUnfinishedIsSaid(lines, "the end");
  });
});

test("in every way of running, whatever the cuts", async () => {
  const stages: Pipeline = () => [decode(), splitSSE(), filterEmpty({ requireSentinel: true }), bufferParse()];
  for (const text of ['data: {"n":1}\n\ndata: {"n":', 'data: {"n":1}\n\n', ""]) {
    for (const size of [1, 5, 100]) {
      const chunks = pieces(encode(text), everySize(text.length, size).at);
      for (const run of Object.values(ways)) {
        expect(await run(stages, { chunks })).toMatchObject({ ended: false, error: { code: "truncated" } });
      }
    }
  }
});

describe("the law notices", () => {
  test("a reader that takes a clean close for an answer", () => {
    const trusting: Pipeline = () => [
      stage<string, unknown>((out) => {
        let text = "";
        return {
          push(chunk) {
            text += chunk;
            try {
              out.push(JSON.parse(text));
              text = "";
            } catch {
              // There may be more.
            }
          },
          end: out.end,
        };
      }),
    ];
    expect(() => assertUnfinishedIsSaid(trusting, '{"n":1')).toThrow();
  });

  test("the standard, which discards a last event that was cut off", () => {
    const discarding: Pipeline = () => [splitSSE({ tail: "discard" }), bufferParse()];
    expect(() => assertUnfinishedIsSaid(discarding, 'data: {"n":1')).toThrow();
    expect(() => assertUnfinishedIsSaid(() => [splitSSE(), bufferParse()], 'data: {"n":1')).not.toThrow();
  });
});

testCoverage("4-whole-or-said");
