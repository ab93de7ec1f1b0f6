import { describe, expect, test } from "vitest";
import { everySize, pieces } from "../support/cuts.ts";
import { type AnyStage, flowList, fuseList, type Pipeline } from "../support/run.ts";
import {
  type Counts,
  countedIterable,
  countedStream,
  type SourceEnd,
  settled,
  unhandledRejections,
} from "../support/sources.ts";
import { bufferParse, decode, filterEmpty, flow, fuse, map, splitSSE, stage, tap } from "../support/watched.ts";
import { testCoverage } from "./coverage.ts";

// Law 6. Nothing is read ahead of demand beyond a chunk per hop; stopping reaches the source exactly once; nothing is left
// unhandled.

/** Something that reads a counted source through stages, and how many chunks it may hold between source and reader. */
interface Face {
  hops: (stages: number) => number;
  open: (chunks: Iterable<unknown>, stages: readonly AnyStage[], end?: SourceEnd) => Opened;
}

interface Opened {
  source: Counts & { isLocked: () => boolean };
  values: AsyncIterator<unknown>;
  stop: (reason?: unknown) => Promise<unknown>;
}

const overStream =
  (
    read: (stream: ReadableStream<unknown>, stages: readonly AnyStage[]) => Pick<Opened, "values" | "stop">,
  ): Face["open"] =>
  (chunks, stages, end) => {
    const source = countedStream(chunks, end);
    const reading = read(source.stream, stages);
    return { source: Object.assign(source, { isLocked: () => source.stream.locked }), ...reading };
  };

const reader = (stream: ReadableStream<unknown>): Pick<Opened, "values" | "stop"> => {
  // Not the stream's own iterator, whose return() waits for the read that is pending.
  const reading = stream.getReader();
  return {
    values: {
      async next() {
        const { done, value } = await reading.read();
        return done ? { done, value: undefined } : { done, value };
      },
      async return() {
        await reading.cancel();
        return { done: true, value: undefined };
      },
    },
    stop: (reason) => reading.cancel(reason),
  };
};

const faces: Record<string, Face> = {
  "flow over a stream": {
    hops: () => 0,
    open: overStream((stream, stages) => {
      const flowing = flowList(stream, stages);
      return { values: flowing[Symbol.asyncIterator](), stop: (reason) => flowing.cancel(reason) };
    }),
  },
  "flow over an async iterable": {
    hops: () => 0,
    open(chunks, stages, end) {
      const source = countedIterable(chunks, end);
      const flowing = flowList(source.iterable, stages);
      return {
        source: Object.assign(source, { isLocked: () => false }),
        values: flowing[Symbol.asyncIterator](),
        stop: (reason) => flowing.cancel(reason),
      };
    },
  },
  "flow.readable": { hops: () => 0, open: overStream((stream, stages) => reader(flowList(stream, stages).readable)) },
  fuse: { hops: () => 1, open: overStream((stream, stages) => reader(stream.pipeThrough(fuseList(stages)))) },
  "separate stages": {
    hops: (stages) => stages,
    open: overStream((stream, stages) =>
      reader(stages.reduce<ReadableStream<unknown>>((piped, each) => piped.pipeThrough(each), stream)),
    ),
  },
};

const eventsOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `data: {"n":${n}}\n\n`);
const four: Pipeline = () => [decode(), splitSSE(), filterEmpty(), bufferParse()];

/** Checks that no more is pulled than was asked for. */
async function assertPulled({ hops, open }: Face, pipeline: Pipeline): Promise<void> {
  const stages = pipeline(() => {});
  const allowed = hops(stages.length);
  const { source, values, stop } = open(eventsOf(100), stages);
  await settled();
  expect(source.pulls, "pulled before anything was asked for").toBeLessThanOrEqual(allowed);
  for (let asked = 1; asked <= 20; asked++) {
    expect(await values.next()).toMatchObject({ done: false });
    await settled(2);
    expect(source.pulls, `pulled for ${asked} values`).toBeLessThanOrEqual(asked + allowed);
  }
  await stop();
  const { pulls } = source;
  await settled();
  expect(source.pulls, "pulled after the stop").toBe(pulls);
}

/** Checks that what stops the reading reaches the source once, that nothing is left unhandled and the source is let go. */
async function assertStopsOnce(opened: Opened, read: (opened: Opened) => Promise<unknown>, cancels = 1): Promise<void> {
  const unhandled = await unhandledRejections(async () => {
    await read(opened);
    await settled();
  });
  expect(unhandled, "rejections that nobody handles").toEqual([]);
  expect(opened.source.cancels.length, "how often the source was cancelled").toBe(cancels);
  expect(opened.source.isLocked(), "whether the source is still locked").toBe(false);
}

async function readAll({ values }: Opened, onValue: (count: number) => void = () => {}): Promise<number> {
  let count = 0;
  for await (const _ of { [Symbol.asyncIterator]: () => values }) onValue(++count);
  return count;
}

const failAfter = (count: number): AnyStage => {
  let seen = 0;
  return map((value: unknown) => {
    if (++seen > count) throw new RangeError("enough");
    return value;
  });
};

const take = (count: number): AnyStage =>
  stage<unknown, unknown>((out) => {
    let left = count;
    return {
      push(value) {
        out.push(value);
        if (--left === 0) out.end();
      },
      end: out.end,
    };
  });

for (const [name, face] of Object.entries(faces)) {
  describe(name, () => {
    const open = (more: readonly AnyStage[] = [], end?: SourceEnd): Opened =>
      face.open(eventsOf(10), [...four(() => {}), ...more], end);

    test("pulls what is asked for, and no more than a chunk per hop ahead", async () => {
      await assertPulled(face, four);
      await assertPulled(face, () => [decode(), splitSSE()]);
      await assertPulled(face, () => [tap(() => {})]);
    });

    test("hands the values of one chunk out without reading on", async () => {
      const { source, values, stop } = face.open(
        [eventsOf(50).join(""), ...eventsOf(20)],
        four(() => {}),
      );
      for (let asked = 0; asked < 50; asked++) await values.next();
      await settled();
      expect(source.pulls).toBeLessThanOrEqual(1 + face.hops(4));
      await stop();
    });

    test("reads on over chunks that give nothing, without being asked again", async () => {
      const text = `data: ${" ".repeat(50)}{"n":1}\n\n`;
      const { values, source } = face.open(
        pieces(text, everySize(text.length, 1).at),
        four(() => {}),
      );
      expect(await values.next()).toEqual({ done: false, value: { n: 1 } });
      expect(await values.next()).toEqual({ done: true, value: undefined });
      expect(source.pulls).toBe(text.length + 1);
    });

    test("break cancels the source once", () =>
      assertStopsOnce(open(), async ({ values }) => {
        for await (const _ of { [Symbol.asyncIterator]: () => values }) break;
      }));

    test("a throw in the loop cancels the source once, and comes out", () =>
      assertStopsOnce(open(), (opened) =>
        expect(
          readAll(opened, (count) => {
            if (count === 3) throw new RangeError("mine");
          }),
        ).rejects.toThrow("mine"),
      ));

    test("stopping before the first read cancels the source once", () =>
      assertStopsOnce(open(), ({ stop }) => stop(new Error("no interest"))));

    test("stopping twice, and reading after it, cancels the source once", () =>
      assertStopsOnce(open(), async ({ values, stop }) => {
        await values.next();
        await Promise.all([stop(), stop()]);
        await stop();
        expect(await values.next()).toEqual({ done: true, value: undefined });
        expect((await values.return?.())?.done).toBe(true);
      }));

    test("stopping while a read waits for a source that hangs cancels it once", () =>
      assertStopsOnce(
        face.open(
          [],
          four(() => {}),
          { hangs: true },
        ),
        async ({ values, stop }) => {
          const pending = values.next();
          await settled();
          await Promise.race([stop(), settled(10)]);
          await Promise.race([pending, settled(10)]);
        },
      ));

    test("an error that a stage throws cancels the source once", () =>
      assertStopsOnce(open([failAfter(3)]), (opened) => expect(readAll(opened)).rejects.toThrow("enough")));

    test("an error that a stage throws at the first chunk cancels the source once", () =>
      assertStopsOnce(open([failAfter(0)]), (opened) => expect(readAll(opened)).rejects.toThrow("enough")));

    test("an early end cancels the source once", () =>
      assertStopsOnce(open([take(3)]), async (opened) => expect(await readAll(opened)).toBe(3)));

    test("an early end in the middle of a chunk cancels the source once", () =>
      assertStopsOnce(face.open([eventsOf(5).join(""), ...eventsOf(9)], [...four(() => {}), take(3)]), async (opened) =>
        expect(await readAll(opened)).toBe(3),
      ));

    test("a source that ends is not cancelled", () =>
      assertStopsOnce(open(), async (opened) => expect(await readAll(opened)).toBe(10), 0));

    test("a source that fails is not cancelled, and its error comes out as it is", async () => {
      const reset = new RangeError("reset");
      await assertStopsOnce(open([], { fails: reset }), (opened) => expect(readAll(opened)).rejects.toBe(reset), 0);
    });

    test("an error that is thrown when the stream ends does not cancel the source, which is over", () => {
      const endFails = stage<unknown, unknown>((out) => ({
        push: out.push,
        end() {
          throw new RangeError("not a good end");
        },
      }));
      return assertStopsOnce(
        open([endFails]),
        (opened) => expect(readAll(opened)).rejects.toThrow("not a good end"),
        0,
      );
    });

    test("an error is told once; after it there is nothing", async () => {
      const { values } = open([failAfter(2)]);
      await values.next();
      await values.next();
      await expect(values.next()).rejects.toThrow("enough");
    });

    test("overlapping reads are served in order", async () => {
      const { values, stop } = open();
      const results = await Promise.all(Array.from({ length: 12 }, () => values.next()));
      expect(results.map(({ value }) => value?.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, undefined, undefined]);
      expect(results.map(({ done }) => done)).toEqual([...Array.from({ length: 10 }, () => false), true, true]);
      await stop();
    });
  });
}

describe("flow", () => {
  test("return() settles a pending read as done", async () => {
    for (const open of [faces["flow over a stream"]?.open, faces["flow over an async iterable"]?.open]) {
      const { values, source } =
        open?.(
          [],
          four(() => {}),
          { hangs: true },
        ) ?? expect.fail("no such face");
      const pending = [values.next(), values.next()];
      await settled();
      expect(await values.return?.()).toEqual({ done: true, value: undefined });
      expect(await Promise.all(pending)).toEqual([
        { done: true, value: undefined },
        { done: true, value: undefined },
      ]);
      expect(source.cancels.length).toBe(1);
    }
  });

  test("cancel(reason) gives the source the reason", async () => {
    const source = countedStream(eventsOf(3));
    const reason = new Error("no interest");
    await flow(source.stream, decode()).cancel(reason);
    expect(source.cancels).toEqual([reason]);
  });

  test("cancelling the readable gives the source the reason", async () => {
    for (const make of [
      (stream: ReadableStream<string>) => flow(stream, decode()).readable,
      (stream: ReadableStream<string>) => stream.pipeThrough(fuse(decode(), splitSSE())),
      (stream: ReadableStream<string>) => stream.pipeThrough(decode()).pipeThrough(splitSSE()),
    ]) {
      const source = countedStream(eventsOf(3));
      const reason = new Error("no interest");
      await make(source.stream).cancel(reason);
      await settled();
      expect(source.cancels).toEqual([reason]);
    }
  });

  test("await using stops it", async () => {
    const source = countedStream(eventsOf(3));
    {
      await using flowing = flow(source.stream, decode());
      for await (const _ of flowing) break;
    }
    expect(source.cancels.length).toBe(1);
    expect(source.stream.locked).toBe(false);
  });

  test("a source whose cancel fails says so to who cancels, and to nobody else", async () => {
    const failing = (): ReadableStream<string> =>
      new ReadableStream(
        {
          pull: (controller) => controller.enqueue('data: {"n":1}\n\n'),
          cancel() {
            throw new RangeError("cannot cancel");
          },
        },
        { highWaterMark: 0 },
      );
    const unhandled = await unhandledRejections(async () => {
      await expect(flow(failing(), decode()).cancel()).rejects.toThrow("cannot cancel");
      await expect(flow(failing(), decode()).readable.cancel()).rejects.toThrow("cannot cancel");
      // Behind an end or an error of a stage's own, the source's trouble is nobody's.
      const values = [];
      for await (const value of flow(failing(), decode(), take(1) as ReturnType<typeof decode>)) values.push(value);
      expect(values.length).toBe(1);
    });
    expect(unhandled).toEqual([]);
  });
});

test("bytes going slowly out do not make them come quickly in (a chunk per hop)", async () => {
  const source = countedStream(Array.from({ length: 100 }, () => "x"));
  const slow = source.stream
    .pipeThrough(
      fuse(
        decode(),
        tap(() => {}),
      ),
    )
    .getReader();
  for (let read = 1; read <= 5; read++) {
    await slow.read();
    await settled(5);
    expect(source.pulls).toBeLessThanOrEqual(read + 1);
  }
  await slow.cancel();
});

describe("the law notices", () => {
  test("a face that reads ahead", async () => {
    const eager: Face = {
      hops: () => 1,
      open: overStream((stream, stages) => {
        const wide = { readableStrategy: new CountQueuingStrategy({ highWaterMark: 16 }) };
        return reader(
          stream.pipeThrough(fuseList(stages)).pipeThrough(new TransformStream({}, undefined, wide.readableStrategy)),
        );
      }),
    };
    await expect(assertPulled(eager, four)).rejects.toThrow("pulled");
  });

  test("a face that forgets to cancel, and one that leaves its source locked", async () => {
    const leaky: Face["open"] = overStream((stream) => {
      const source = stream.getReader();
      return {
        values: {
          next: async () => ({ done: false, value: (await source.read()).value }),
          return: async () => ({ done: true, value: 0 }),
        },
        stop: async () => {},
      };
    });
    const stopEarly = async ({ values }: Opened): Promise<void> => {
      for await (const _ of { [Symbol.asyncIterator]: () => values }) break;
    };
    await expect(assertStopsOnce(leaky(eventsOf(3), []), stopEarly)).rejects.toThrow("how often");
    await expect(assertStopsOnce(leaky(eventsOf(3), []), stopEarly, 0)).rejects.toThrow("locked");
  });

  test("a rejection that nobody handles", async () => {
    const careless = async (): Promise<void> => {
      void Promise.reject(new RangeError("left behind"));
    };
    const opened =
      faces["flow.readable"]?.open(
        eventsOf(1),
        four(() => {}),
      ) ?? expect.fail("no such face");
    await expect(assertStopsOnce(opened, careless)).rejects.toThrow("nobody handles");
    await opened.stop();
  });
});

testCoverage("6-pulled");
