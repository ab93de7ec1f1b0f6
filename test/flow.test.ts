import { bufferParse, decode, filterEmpty, flow, splitSSE, stage, tap } from "sluice";
import { describe, expect, test } from "vitest";
import { encode } from "./support/pipelines.ts";
import { countedStream, settled, unhandledRejections } from "./support/sources.ts";

const text = 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n';
const expected = [{ n: 1 }, { n: 2 }];

async function read<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe("flow reads", () => {
  const bytes = encode(text);
  const halves = [text.slice(0, 9), text.slice(9)];
  const sources: Record<string, () => Parameters<typeof flow<string | Uint8Array<ArrayBuffer>>>[0]> = {
    "a Response": () => new Response(text),
    "a ReadableStream of bytes": () => new Response(bytes).body ?? [],
    "a ReadableStream of text": () => countedStream(halves).stream,
    "an async iterable": async function* () {
      yield* halves;
    },
    "an iterable": () => new Set(halves),
    "a generator": function* () {
      yield* halves.map(encode);
    },
    "an array": () => halves,
    "one string": () => text,
    "one Uint8Array": () => bytes,
    "one ArrayBuffer": () => bytes.buffer,
    "one DataView": () => new DataView(bytes.buffer),
    "one Buffer": () => Buffer.from(text),
  };
  for (const [name, source] of Object.entries(sources)) {
    test(name, async () => {
      expect(await read(flow(source(), decode(), splitSSE(), filterEmpty(), bufferParse()))).toEqual(expected);
      expect(await read(flow(source(), decode(), splitSSE(), filterEmpty(), bufferParse()).readable)).toEqual(expected);
    });
  }

  test("one string as one chunk, not a character at a time", async () => {
    expect(await read(flow("abc"))).toEqual(["abc"]);
    expect(await read(flow(encode("abc")))).toEqual([encode("abc")]);
  });

  test("a Response without a body as nothing", async () => {
    expect(await read(flow(new Response(null), decode()))).toEqual([]);
  });

  test("values of any kind, without a stage", async () => {
    expect(await read(flow([1, null, undefined, { a: 1 }]))).toEqual([1, null, undefined, { a: 1 }]);
  });

  test("a response that is one in name only, as other fetches give", async () => {
    const { body } = new Response(text);
    expect(
      await read(
        flow({ body, bodyUsed: false, ok: true } as Response, decode(), splitSSE(), filterEmpty(), bufferParse()),
      ),
    ).toEqual(expected);
  });

  test("a stream that cannot be iterated, as in Safari", async () => {
    const { stream } = countedStream([text]);
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
    expect(await read(flow(stream, decode(), splitSSE(), filterEmpty(), bufferParse()))).toEqual(expected);
  });
});

describe("flow refuses, with a TypeError that says what is accepted,", () => {
  const flowAny = flow as (source: unknown, ...stages: unknown[]) => unknown;
  const wrong: [name: string, source: () => unknown, says: RegExp][] = [
    ["null", () => null, /A source must be a Response, .*got null/],
    ["undefined", () => undefined, /A source must be .*got undefined/],
    ["a number", () => 1, /A source must be .*got 1/],
    ["an object", () => ({}), /A source must be .*got \[object Object\]/],
    ["a promise", () => Promise.resolve(new Response("")), /A source must be .*await/],
    ["a function", () => () => {}, /A source must be .*got \[object Function\]/],
  ];
  for (const [name, source, says] of wrong) {
    test(name, () => {
      expect(() => flowAny(source())).toThrow(TypeError);
      expect(() => flowAny(source())).toThrow(says);
    });
  }

  test("a locked stream", () => {
    const { stream } = countedStream([]);
    stream.getReader();
    expect(() => flow(stream)).toThrow(TypeError);
    expect(() => flow(stream)).toThrow(/locked/);
  });

  test("a Response that was read", async () => {
    const response = new Response("a");
    await response.text();
    expect(() => flow(response)).toThrow(TypeError);
    expect(() => flow(response)).toThrow(/read already/);
  });

  test("what is no stage, without claiming the source", () => {
    const { stream } = countedStream([]);
    expect(() => flowAny(stream, decode(), {})).toThrow(/A stage was expected/);
    expect(stream.locked).toBe(false);
  });
});

describe("a Flow", () => {
  test("is used once: a second claim is a TypeError that says so", async () => {
    const claims: ((of: { readable: unknown } & AsyncIterable<unknown>) => unknown)[] = [
      (of) => of.readable,
      (of) => of[Symbol.asyncIterator](),
    ];
    for (const first of claims) {
      for (const second of claims) {
        const flowing = flow(["a"], decode());
        first(flowing);
        if (first === second && first === claims[0]) expect(second(flowing)).toBe(flowing.readable);
        else expect(() => second(flowing)).toThrow(/read once/);
      }
    }
    const flowing = flow(["a"], decode());
    await read(flowing);
    expect(() => flowing[Symbol.asyncIterator]()).toThrow(TypeError);
  });

  test("claims its source at once and reads nothing before it is asked", async () => {
    const source = countedStream([text]);
    const flowing = flow(source.stream, decode());
    expect(source.stream.locked).toBe(true);
    await settled();
    expect(source.pulls).toBe(0);
    await flowing.cancel();
  });

  test("has an iterator that can be iterated", async () => {
    expect(await read(flow(["a", "b"])[Symbol.asyncIterator]())).toEqual(["a", "b"]);
  });

  test("cancelled, ends: reads that wait are done, values that waited are gone", async () => {
    const source = countedStream(["a"], { hangs: true });
    const flowing = flow(
      source.stream,
      stage<string, number>((out) => ({ push: () => [1, 2, 3].forEach(out.push), end: out.end })),
    );
    const iterator = flowing[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    await flowing.cancel("enough");
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(source.cancels).toEqual(["enough"]);
  });

  test("cancelled when it is over, does nothing", async () => {
    const source = countedStream(["a"]);
    const flowing = flow(source.stream);
    await read(flowing);
    await flowing.cancel();
    await flowing[Symbol.asyncDispose]();
    expect(source.cancels).toEqual([]);
  });

  test("whose error has been told is done", async () => {
    const iterator = flow(["x"], bufferParse())[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow("Malformed");
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test("an error goes to the first of the reads that wait; the others are done", async () => {
    const iterator = flow(["1", "x"], bufferParse())[Symbol.asyncIterator]();
    const [first, second, third] = await Promise.allSettled([iterator.next(), iterator.next(), iterator.next()]);
    expect(first).toMatchObject({ status: "fulfilled", value: { value: 1 } });
    expect(second).toMatchObject({ status: "rejected" });
    expect(third).toMatchObject({ status: "fulfilled", value: { done: true } });
  });

  test("hands out what it has without waiting for the source", async () => {
    const source = countedStream(["1 2 3"], { hangs: true });
    const iterator = flow(source.stream, bufferParse())[Symbol.asyncIterator]();
    expect((await Promise.all([iterator.next(), iterator.next(), iterator.next()])).map(({ value }) => value)).toEqual([
      1, 2, 3,
    ]);
    await iterator.return?.();
  });

  test("reads on when a chunk gave nothing, and does not grow the stack", async () => {
    let seen = 0;
    const empties = Array.from({ length: 20_000 }, () => "");
    expect(
      await read(
        flow(
          [...empties, "1"],
          tap(() => seen++),
          bufferParse(),
        ),
      ),
    ).toEqual([1]);
    expect(seen).toBe(20_001);
  });

  test("frees an iterable that it leaves, and not one that ended", async () => {
    const freed: string[] = [];
    function* chunks(name: string): Generator<string> {
      try {
        yield "1";
        yield "2";
      } finally {
        freed.push(name);
      }
    }
    for await (const _ of flow(chunks("left"), bufferParse())) break;
    expect(freed).toEqual(["left"]);
    expect(await read(flow(chunks("ended"), bufferParse()))).toEqual([1, 2]);
    expect(freed).toEqual(["left", "ended"]);
  });

  test("of an iterable that throws passes the error on", async () => {
    function* chunks(): Generator<string> {
      yield "1";
      throw new RangeError("reset");
    }
    const got: unknown[] = [];
    const reading = async (): Promise<void> => {
      for await (const value of flow(chunks(), bufferParse())) got.push(value);
    };
    await expect(reading()).rejects.toThrow("reset");
    expect(got).toEqual([1]);
  });

  test("whose readable is piped on aborts the source when the destination fails", async () => {
    const source = countedStream(["1", "2", "3"]);
    const unhandled = await unhandledRejections(async () => {
      const full = new WritableStream({
        write() {
          throw new RangeError("disk full");
        },
      });
      await expect(flow(source.stream, bufferParse()).readable.pipeTo(full)).rejects.toThrow("disk full");
    });
    expect(unhandled).toEqual([]);
    expect(source.cancels).toEqual([expect.objectContaining({ message: "disk full" })]);
    expect(source.stream.locked).toBe(false);
  });

  test("whose signal is aborted through pipeTo aborts the source", async () => {
    const source = countedStream(["1"], { hangs: true });
    const controller = new AbortController();
    const piping = flow(source.stream, bufferParse()).readable.pipeTo(new WritableStream(), {
      signal: controller.signal,
    });
    await settled();
    controller.abort(new RangeError("left the page"));
    await expect(piping).rejects.toThrow("left the page");
    expect(source.cancels.length).toBe(1);
  });
});
