// How bodies flow: pulled, in chunks that hold what was ready, with signs of life only in silence, and nothing left behind.
import { flow, map } from "sluice";
import { chat } from "sluice/chat";
import { lineResponse, sseResponse, sseStream } from "sluice/serve";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bodyOf } from "../../src/serve/body.ts";
import { comments } from "../../src/serve/heartbeat.ts";
import type { Reader } from "../../src/source.ts";
import { countedIterable, countedStream, settled, unhandledRejections } from "../support/sources.ts";
import { chunksOf, tapped } from "./support.ts";

const bare = { toEvent: (value: unknown): string => String(value), sentinel: "[DONE]" };
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe("chunks", () => {
  test("hold everything that the source had ready", async () => {
    const all = "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: [DONE]\n\n";
    const generator = async function* (): AsyncGenerator<number> {
      yield* [1, 2, 3];
    };
    const doubled = map((value: number) => value);
    expect(await chunksOf(sseStream([1, 2, 3], bare))).toEqual([all]);
    expect(await chunksOf(sseStream(generator(), bare))).toEqual([all]);
    expect(await chunksOf(sseStream(flow([1, 2, 3], doubled), bare))).toEqual([all]);
    expect(await chunksOf(sseStream(countedStream([1, 2, 3]).stream, bare))).toEqual([all]);
  });

  test("do not wait for what is not ready", async () => {
    const source = tapped<number>();
    const reader = sseStream(source.stream, bare).getReader();
    source.give(1, 2);
    expect(text((await reader.read()).value)).toBe("data: 1\n\ndata: 2\n\n");
    const reading = reader.read();
    await settled();
    source.give(3);
    expect(text((await reading).value)).toBe("data: 3\n\n");
    source.end();
    expect(text((await reader.read()).value)).toBe("data: [DONE]\n\n");
    expect((await reader.read()).done).toBe(true);
  });

  test("of the events of one answer's chunk are one", async () => {
    const event = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
    const source = tapped<Uint8Array>();
    const encoder = new TextEncoder();
    const reader = sseResponse(chat(source.stream)).body?.getReader();
    source.give(encoder.encode(event("a") + event("b") + event("c")));
    expect(text((await reader?.read())?.value).match(/"text":"."/g)).toEqual([
      '"text":"a"',
      '"text":"b"',
      '"text":"c"',
    ]);
    await reader?.cancel();
  });

  test("are bounded, so that a source that never waits does not fill the memory", async () => {
    const source = countedIterable(
      (function* () {
        for (;;) yield "x".repeat(1000);
      })(),
    );
    const reader = sseStream(source.iterable, bare).getReader();
    const { value } = await reader.read();
    expect(value?.length).toBeGreaterThan(60_000);
    expect(value?.length).toBeLessThan(70_000);
    expect(source.pulls).toBeLessThan(70);
    await reader.cancel();
    expect(source.cancels.length).toBe(1);
  });
});

test("nothing is read before it is asked for, and no more than a value ahead", async () => {
  const source = tapped<number>();
  let pulls = 0;
  const counted = {
    [Symbol.asyncIterator]() {
      const reader = source.stream.getReader();
      return {
        next: () => {
          pulls++;
          return reader.read() as Promise<IteratorResult<number>>;
        },
      };
    },
  };
  const reader = sseStream(counted, bare).getReader();
  await settled();
  expect(pulls).toBe(0);
  source.give(1);
  await reader.read();
  await settled();
  expect(pulls).toBe(2);
});

describe("whoever leaves cancels the source once", () => {
  test("while a read is under way", async () => {
    for (const source of [countedStream([1], { hangs: true }), countedIterable([1], { hangs: true })]) {
      const body = sseStream("stream" in source ? source.stream : source.iterable, bare);
      const reader = body.getReader();
      await reader.read();
      reader.read().catch(() => undefined);
      await settled();
      await reader.cancel("gone");
      await reader.cancel("again");
      expect(source.cancels).toEqual("stream" in source ? ["gone"] : [undefined]);
    }
  });

  test("before the first read", async () => {
    const source = countedStream([1]);
    await sseResponse(source.stream).body?.cancel("gone");
    expect(source).toMatchObject({ pulls: 0, cancels: ["gone"] });
  });

  test("and the request behind an answer", async () => {
    const source = countedStream(["data: {}\n\n"], { hangs: true });
    const reader = sseResponse(chat(source.stream)).body?.getReader();
    const reading = reader?.read();
    await settled();
    await reader?.cancel();
    await reading;
    expect(source.cancels.length).toBe(1);
  });

  test("and no source that has ended or failed", async () => {
    for (const source of [countedStream([1]), countedStream([1], { fails: new Error("broken") })]) {
      const reader = sseStream(source.stream, bare).getReader();
      await reader.read();
      await reader.cancel();
      expect(source.cancels).toEqual([]);
    }
  });

  test("and hears nothing of what the source complains of then", async () => {
    const complaining = new ReadableStream({
      cancel() {
        throw new Error("not now");
      },
    });
    expect(await unhandledRejections(async () => await sseStream(complaining, bare).cancel())).toEqual([]);
  });
});

test("no rejection is left unhandled, whatever fails when", async () => {
  const found = await unhandledRejections(async () => {
    for (const fails of [new Error("broken"), undefined, "text"]) {
      await new Response(sseStream(countedStream([1], { fails }).stream, bare)).text();
      await new Response(sseStream(countedIterable([], { fails }).iterable, bare)).text();
      const left = sseStream(countedIterable([1], { fails }).iterable, bare).getReader();
      left.read().catch(() => undefined);
      await left.cancel();
    }
  });
  expect(found).toEqual([]);
});

describe("signs of life", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("come in silence alone, one for each interval, and leave no timer behind", async () => {
    const source = tapped<number>();
    const reader = sseStream(source.stream, { ...bare, heartbeat: 1000 }).getReader();
    const read = async (): Promise<string> => text((await reader.read()).value);

    expect(vi.getTimerCount()).toBe(0); // nobody waits
    source.give(1);
    expect(await read()).toBe("data: 1\n\n");
    expect(vi.getTimerCount()).toBe(0);

    for (let beat = 0; beat < 3; beat++) {
      const silent = read();
      await vi.advanceTimersByTimeAsync(999);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await silent).toBe(": keep-alive\n\n");
      expect(vi.getTimerCount()).toBe(0);
    }

    for (let value = 0; value < 5; value++) {
      const busy = read();
      await vi.advanceTimersByTimeAsync(900);
      source.give(value);
      expect(await busy).toBe(`data: ${value}\n\n`); // 4,500 ms, and never one of silence
    }

    await vi.advanceTimersByTimeAsync(60_000); // nobody reads: no sign of life waits for them
    source.give(7);
    expect(await read()).toBe("data: 7\n\n");
    source.end();
    expect(await read()).toBe("data: [DONE]\n\n");
    expect((await reader.read()).done).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leave nothing with a read that waits, however long the silence is", async () => {
    let reactions = 0;
    const waiting: PromiseLike<never> = {
      // biome-ignore lint/suspicious/noThenProperty: it counts who waits
      then() {
        reactions++;
        return waiting;
      },
    };
    const silent: Reader<unknown> = { read: () => waiting, cancel: async () => undefined, release: () => undefined };
    const writer = { push: () => undefined, end: () => undefined, fail: () => undefined };
    const reader = bodyOf(silent, () => writer, comments(1000)).getReader();
    for (let beat = 0; beat < 20; beat++) {
      const reading = reader.read();
      await vi.advanceTimersByTimeAsync(1000);
      expect(text((await reading).value)).toBe(": keep-alive\n\n");
    }
    expect(reactions).toBe(1);
    await reader.cancel();
  });

  test("come also while values come that say nothing to the client", async () => {
    const source = tapped<number>();
    const reader = sseStream(source.stream, { toEvent: () => undefined, heartbeat: 1000 }).getReader();
    const reading = reader.read();
    for (let value = 0; value < 4; value++) {
      await vi.advanceTimersByTimeAsync(250);
      source.give(value);
    }
    expect(text((await reading).value)).toBe(": keep-alive\n\n");
    await reader.cancel();
  });

  test("stand between events, never in one, however busy the source is", async () => {
    const source = tapped<string>();
    const chunks: string[] = [];
    const reading = (async () => {
      for await (const chunk of sseStream(source.stream, { heartbeat: 10, sentinel: "[DONE]" }))
        chunks.push(text(chunk));
    })();
    for (let step = 0; step < 200; step++) {
      await vi.advanceTimersByTimeAsync((step * 7) % 23);
      source.give(`a\nb ${step}`, "\r\n\r\n");
    }
    source.end();
    await vi.runAllTimersAsync();
    await reading;
    const all = chunks.join("").split("\n\n");
    expect(all.filter((part) => part === ": keep-alive").length).toBeGreaterThan(10);
    expect(all.filter((part) => !/^: keep-alive$|^data: ("a\\nb \d+"|"\\r\\n\\r\\n"|\[DONE])$|^$/.test(part))).toEqual(
      [],
    );
    expect(all.filter((part) => part.startsWith("data: "))).toHaveLength(401);
  });

  test("stop with the reader, the source's end and its failure", async () => {
    for (const stop of ["cancel", "end", "fail"] as const) {
      const source = tapped<number>();
      const reader = sseStream(source.stream, { ...bare, heartbeat: 1000 }).getReader();
      const reading = reader.read();
      await vi.advanceTimersByTimeAsync(10);
      expect(vi.getTimerCount()).toBe(1);
      if (stop === "cancel") await reader.cancel();
      else if (stop === "end") source.end();
      else source.fail(new Error("broken"));
      await reading;
      expect(vi.getTimerCount(), stop).toBe(0);
    }
  });

  test("come every 15 seconds unless told otherwise, and can be left out", async () => {
    const [ordinary, silent] = [tapped(), tapped()];
    const first = sseResponse(ordinary.stream).body?.getReader();
    const second = sseResponse(silent.stream, { heartbeat: Infinity }).body?.getReader();
    const reading = [first?.read(), second?.read()];
    await vi.advanceTimersByTimeAsync(14_999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(text((await reading[0])?.value)).toBe(": keep-alive\n\n");
    await Promise.all([first?.cancel(), second?.cancel()]);
  });

  test("are empty lines among lines, when they are wanted", async () => {
    const source = tapped<number>();
    const reader = lineResponse(source.stream, { heartbeat: 1000 }).body?.getReader();
    const reading = reader?.read();
    await vi.advanceTimersByTimeAsync(1000);
    expect(text((await reading)?.value)).toBe("\n");
    await reader?.cancel();
    const plain = lineResponse(tapped().stream).body?.getReader();
    plain?.read().catch(() => undefined);
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(0);
    await plain?.cancel();
  });
});
