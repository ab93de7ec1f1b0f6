import fc from "fast-check";
import type { Sink } from "sluice";
import { describe, expect, test } from "vitest";
import { fixtures } from "../fixtures/index.ts";
import { jsonSoup, sseText } from "../support/arbitraries.ts";
import { everySize, pieces } from "../support/cuts.ts";
import { encode, reading } from "../support/pipelines.ts";
import { type AnyStage, type Input, type Pipeline, ways } from "../support/run.ts";
import {
  bufferParse,
  decode,
  encodeLines,
  encodeSSE,
  filter,
  filterEmpty,
  map,
  Stage,
  splitLines,
  splitSSE,
  stage,
  tap,
} from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 2. Fusing doesn't matter: separate stages, `fuse`, `flow` and `.readable` give the same, up to and including the error.

async function assertFusingDoesntMatter(pipeline: Pipeline, input: Input): Promise<void> {
  const expected = await ways.hearts(pipeline, input);
  for (const [name, run] of Object.entries(ways)) {
    expect(await run(pipeline, input), name).toEqual(expected);
  }
}

/** Passes values on until one is `word`, and throws. */
const failAt = (word: string): AnyStage =>
  map((value: unknown) => {
    if (JSON.stringify(value).includes(word)) throw new RangeError(`no ${word} here`);
    return value;
  });

/** Ends the stream by itself after `count` values, in the middle of a chunk if that is where they end. */
const take = (count: number): AnyStage =>
  stage<unknown, unknown>((out) => {
    let left = count;
    return {
      push(value) {
        out.push(value);
        if (--left === 0) {
          out.end();
          out.push("a value after the end, which nobody sees");
        }
      },
      end: out.end,
    };
  });

/** Fails when the stream ends, after a last value. */
const failAtEnd = (): AnyStage =>
  stage<unknown, unknown>((out) => ({
    push: out.push,
    end() {
      out.push("last");
      throw new RangeError("not a good end");
    },
  }));

describe("every fixture is read the same", () => {
  for (const { name, framing, body } of fixtures) {
    test(name, async () => {
      const bytes = encode(body);
      for (const size of [7, 64, bytes.length]) {
        const chunks = pieces(bytes, everySize(bytes.length, size).at);
        await assertFusingDoesntMatter(reading[framing].reporting, { chunks });
        await assertFusingDoesntMatter(reading[framing].throwing, { chunks });
      }
    });
  }
});

describe("what a chunk gave before its error is delivered first, then the error", () => {
  const chunks = ["a\nb\nfail\nc\n", "d\n"];
  const inOneChunk: Record<string, Pipeline> = {
    "thrown by the first stage": () => [failAt("fail")],
    "thrown by a stage in the middle": () => [splitLines(), failAt("fail"), tap(() => {})],
    "thrown by the last stage": () => [splitLines(), tap(() => {}), failAt("fail")],
    "thrown into a stage that has pending text": () => [failAt("d"), splitLines()],
    "thrown at the end": () => [splitLines(), failAtEnd()],
    "thrown at the end by a stage in the middle": () => [failAtEnd(), splitLines(), tap(() => {})],
    "a limit passed": () => [splitLines({ maxLineLength: 3 })],
    "bytes before it": () => [splitLines(), failAt("fail"), encodeLines()],
    "thrown by the first chunk": () => [splitLines(), failAt("a")],
  };
  for (const [name, pipeline] of Object.entries(inOneChunk)) {
    test(name, () => assertFusingDoesntMatter(pipeline, { chunks }));
  }

  const lines: Pipeline = () => [splitLines(), tap(() => {})];
  test("the source's error, passed through as it is", async () => {
    await assertFusingDoesntMatter(lines, { chunks, fails: new RangeError("connection reset") });
    await assertFusingDoesntMatter(lines, { chunks: [], fails: new RangeError("connection reset") });
    await assertFusingDoesntMatter(lines, { chunks, fails: "a string" });
    await assertFusingDoesntMatter(lines, { chunks, fails: undefined });
  });

  test("the source's error behind an early end is nobody's", () =>
    assertFusingDoesntMatter(() => [splitLines(), take(2)], { chunks, fails: new RangeError("too late") }));

  test("a chunk of the wrong type", async () => {
    await assertFusingDoesntMatter(lines, { chunks: ["a\n", 1, "b\n"] });
    await assertFusingDoesntMatter(() => [decode()], { chunks: ["a", encode("é"), null] });
    await assertFusingDoesntMatter(() => [splitSSE()], { chunks: [encode("data: a\n\n")] });
  });
});

describe("a stage that ends by itself", () => {
  const chunks = ["a\nb\n", "c\nd\n", "e\n"];
  for (const count of [1, 2, 3, 5]) {
    test(`after ${count} values`, async () => {
      await assertFusingDoesntMatter(() => [splitLines(), take(count)], { chunks });
      await assertFusingDoesntMatter(() => [splitLines(), take(count), tap(() => {})], { chunks });
      await assertFusingDoesntMatter(() => [take(count), splitLines()], { chunks });
      await assertFusingDoesntMatter(() => [splitLines(), take(count), take(3)], { chunks });
      await assertFusingDoesntMatter(() => [splitLines(), take(count), encodeSSE()], { chunks });
      await assertFusingDoesntMatter(() => [splitLines(), take(count), failAt("b")], { chunks });
      await assertFusingDoesntMatter(() => [splitLines(), failAt("b"), take(count)], { chunks });
    });
  }
});

describe("nothing", () => {
  const full: Pipeline = () => [decode(), splitSSE(), filterEmpty(), bufferParse()];
  test("no chunks, empty chunks, chunks that give nothing", async () => {
    await assertFusingDoesntMatter(full, { chunks: [] });
    await assertFusingDoesntMatter(full, { chunks: ["", new Uint8Array(0)] });
    await assertFusingDoesntMatter(full, { chunks: [": c\n", "\n", "data: [DONE]\n\n"] });
    await assertFusingDoesntMatter(() => [filter(() => false)], { chunks: ["a", "b"] });
    await assertFusingDoesntMatter(() => [filterEmpty({ requireSentinel: true })], { chunks: [] });
  });

  test("values that are undefined or null are values", async () => {
    await assertFusingDoesntMatter(() => [map(() => undefined)], { chunks: ["a", "b"] });
    await assertFusingDoesntMatter(() => [map(() => null), tap(() => {})], { chunks: ["a", "b"] });
  });
});

test("random stages over random chunks", async () => {
  const textToText: (() => AnyStage)[] = [
    () => decode(),
    () => splitLines(),
    () => splitLines({ maxLineLength: 6 }),
    () => filterEmpty(),
    () => filterEmpty({ requireSentinel: true }),
    () => take(2),
    () => take(1),
    () => failAt("a"),
    () => failAtEnd(),
    () => filter((text: string) => text.length > 1),
    () => tap(() => {}),
  ];
  const last: (() => AnyStage)[] = [
    () => bufferParse(),
    () => bufferParse({ onError: () => {} }),
    () => encodeLines(),
    () => encodeSSE({ retry: 1, sentinel: "[DONE]" }),
    () => map((text: string) => ({ text })),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(sseText, jsonSoup), { maxLength: 4 }),
      fc.array(fc.constantFrom(...textToText), { maxLength: 3 }),
      fc.constantFrom(...last),
      fc.boolean(),
      async (chunks, middle, end, breaks) => {
        const pipeline: Pipeline = () => [...middle, end].map((make) => make());
        await assertFusingDoesntMatter(pipeline, { chunks, ...(breaks ? { fails: new RangeError("reset") } : {}) });
      },
    ),
    { numRuns: 300 },
  );
});

describe("the law notices", () => {
  /** A stage whose streams are a native TransformStream around `face`: it throws its queue away on an error. */
  class NativeStage<In, Out> extends Stage<In, Out> {
    readonly #transform: TransformStream<In, Out>;

    constructor(heart: Stage<In, Out>, face = heart) {
      super(heart.connect);
      let sink: Sink<In> | undefined;
      this.#transform = new TransformStream({
        start(controller) {
          sink = face.connect({ push: (value) => controller.enqueue(value), end: () => controller.terminate() });
        },
        transform: (chunk) => sink?.push(chunk),
        flush: () => sink?.end(),
      });
    }

    override get readable(): ReadableStream<Out> {
      return this.#transform.readable;
    }

    override get writable(): WritableStream<In> {
      return this.#transform.writable;
    }
  }

  test("a face that loses what came before an error", async () => {
    const pipeline: Pipeline = () => [
      new NativeStage(
        stage<string[], string>((out) => ({
          push(words) {
            for (const word of words) {
              if (word === "fail") throw new RangeError(word);
              out.push(word);
            }
          },
          end: out.end,
        })),
      ),
    ];
    await expect(
      assertFusingDoesntMatter(pipeline, { chunks: [["a", "b", "c", "d", "e", "f", "fail"]] }),
    ).rejects.toThrow("separate");
  });

  test("a face that does what its heart does not", async () => {
    const shout = map((text: string) => text.toUpperCase());
    const whisper = map((text: string) => text.toLowerCase());
    const pipeline: Pipeline = () => [new NativeStage(shout, whisper)];
    await expect(assertFusingDoesntMatter(pipeline, { chunks: ["Aa"] })).rejects.toThrow("separate");
  });
});

testCoverage("2-fusing");
