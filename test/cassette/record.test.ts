// record: a pass-through that changes nothing, and writes down all that passed, when, and how it ended.
import { type Cassette, type CassetteSink, memoryStore, parseCassette, record, replay } from "sluice/cassette";
import { bodyOf } from "sluice/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fixtures, illFormedBytes } from "../fixtures/index.ts";
import { manyCuts, pieces, someCuts } from "../support/cuts.ts";
import { countedStream, type SourceEnd, settled, unhandledRejections } from "../support/sources.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const three = ["data: 1\n\n", "data: é\n\n", "data: [DONE]\n\n"].map(encode);
const bytesOf = ({ chunks }: Cassette): Uint8Array[] => chunks.map(({ bytes }) => bytes);

function recording(chunks: readonly Uint8Array[], end: SourceEnd = {}) {
  const source = countedStream(chunks, end);
  const store = memoryStore();
  return { source, store, body: record(source.stream, store) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("nothing changes on the way", () => {
  const bodies = [
    ...fixtures.map(({ name, body }) => [name, encode(body)] as const),
    ["ill-formed", illFormedBytes] as const,
  ];
  test.for(bodies)("the very chunks pass, and are recorded: %s", async ([, bytes]) => {
    for (const { name, at } of someCuts(bytes)) await assertExact(pieces(bytes, at), name);
  });

  test("at every cut of a body with all kinds of bytes", async () => {
    for (const { name, at } of manyCuts(encode('data: {"a":"é😀\\u00e9"}\r\n\r\n'))) {
      await assertExact(pieces(encode('data: {"a":"é😀\\u00e9"}\r\n\r\n'), at), name);
    }
  });

  async function assertExact(chunks: readonly Uint8Array[], name: string): Promise<void> {
    const { body, store } = recording(chunks);
    const passed: Uint8Array[] = [];
    for await (const chunk of body) passed.push(chunk);
    expect(passed.length === chunks.length && passed.every((chunk, index) => chunk === chunks[index]), name).toBe(true);
    expect(bytesOf(await store.read()), name).toEqual(chunks);
  }

  test("one pull of the source for each read, none before", async () => {
    const { body, source } = recording(three);
    await settled();
    expect(source.pulls).toBe(0);
    const reader = body.getReader();
    for (const [index, chunk] of three.entries()) {
      expect(await reader.read()).toEqual({ done: false, value: chunk });
      await settled();
      expect(source.pulls).toBe(index + 1);
    }
  });

  test("a chunk that its reader overwrites or gives away has been recorded before", async () => {
    const { body, store } = recording([encode("abc"), encode("def")]);
    for await (const chunk of body) {
      chunk.fill(0);
      structuredClone(chunk, { transfer: [chunk.buffer] });
    }
    expect(bytesOf(await store.read())).toEqual([encode("abc"), encode("def")]);
  });

  test("a sink that never answers holds nothing up", async () => {
    const body = record(countedStream(three).stream, { write: () => new Promise(() => {}) });
    expect(await new Response(body).text()).toBe("data: 1\n\ndata: é\n\ndata: [DONE]\n\n");
  });
});

describe("how it ended", () => {
  test("by itself", async () => {
    const { body, store } = recording(three);
    await new Response(body).text();
    expect((await store.read()).end).toMatchObject({ how: "closed" });
  });

  test("its reader stopped: the cancel reaches the source once, and waits for it", async () => {
    const { body, store, source } = recording(three);
    const reader = body.getReader();
    await reader.read();
    await reader.cancel("enough");
    expect(source.cancels).toEqual(["enough"]);
    const { chunks, end } = await store.read();
    expect(chunks).toHaveLength(1);
    expect(end).toMatchObject({ how: "cancelled", message: "enough" });
  });

  test("its reader stopped while it waited: nothing is recorded behind that", async () => {
    const { body, store, source } = recording(three.slice(0, 1), { hangs: true });
    const reader = body.getReader();
    await reader.read();
    const pending = reader.read();
    await settled();
    await reader.cancel(new DOMException("Stop", "AbortError"));
    expect(await pending).toEqual({ done: true, value: undefined });
    await settled();
    expect(source.cancels).toHaveLength(1);
    expect((await store.read()).end).toMatchObject({ how: "cancelled", name: "AbortError", message: "Stop" });
    expect(store.text.trimEnd().split("\n")).toHaveLength(3);
  });

  test("it failed: what came before is read first, then the very error", async () => {
    const failure = new TypeError("terminated", { cause: new Error("other side closed") });
    const { body, store } = recording(three, { fails: failure });
    const reader = body.getReader();
    for (const value of three) expect(await reader.read()).toEqual({ done: false, value });
    await expect(reader.read()).rejects.toBe(failure);
    const { end } = await store.read();
    expect(end).toMatchObject({ how: "errored", name: "TypeError", message: "terminated: other side closed" });
  });

  test("a chunk that is no bytes fails it, and the source is cancelled", async () => {
    const source = countedStream(["text"]);
    const store = memoryStore();
    const body = record(source.stream as unknown as ReadableStream<Uint8Array>, store);
    await expect(new Response(body).text()).rejects.toThrow();
    await settled();
    expect(source.cancels).toHaveLength(1);
    expect((await store.read()).end).toMatchObject({ how: "errored", name: "TypeError" });
  });

  test("while it goes on, what has been recorded can be read", async () => {
    const { body, store } = recording(three);
    const reader = body.getReader();
    await reader.read();
    const { chunks, end } = await store.read();
    expect([chunks.length, end]).toEqual([1, undefined]);
    await reader.cancel();
  });
});

describe("times", () => {
  test("are milliseconds from the call", async () => {
    vi.useFakeTimers({ now: new Date("2026-11-20T12:00:00Z") });
    const { body, store } = recording(three);
    const reader = body.getReader();
    for (const wait of [5.5, 20, 0, 100]) {
      await vi.advanceTimersByTimeAsync(wait);
      await reader.read();
    }
    const { header, chunks, end } = await store.read();
    expect(header.recorded).toBe("2026-11-20T12:00:00.000Z");
    expect([...chunks.map(({ at }) => at), end?.at]).toEqual([5.5, 25.5, 25.5, 125.5]);
  });

  test("or from when the request was sent", async () => {
    vi.useFakeTimers({ now: new Date("2026-11-20T12:00:00Z") });
    const since = performance.now();
    await vi.advanceTimersByTimeAsync(250);
    const store = memoryStore();
    await record(new Response("a"), store, { since }).text();
    const { header, chunks } = await store.read();
    expect(header).toMatchObject({ recorded: "2026-11-20T12:00:00.000Z", response: { at: 250 } });
    expect(chunks[0]?.at).toBe(250);
  });
});

describe("a Response", () => {
  test("stays what it is, and its head is recorded", async () => {
    const store = memoryStore();
    const headers = { "content-type": "text/event-stream", "set-cookie": "a=b", "x-mine": "1" };
    const response = record(new Response("data: 1\n\n", { status: 201, headers }), store, {
      request: new Request("https://api.example.com/v1/chat?key=k#f", {
        method: "POST",
        body: "{}",
        headers: { authorization: "Bearer x", accept: "*/*" },
      }),
    });
    expect([response.status, response.headers.get("x-mine"), await response.text()]).toEqual([201, "1", "data: 1\n\n"]);
    expect((await store.read()).header).toMatchObject({
      request: { method: "POST", url: "https://api.example.com/v1/chat?key=REDACTED", headers: { accept: "*/*" } },
      response: { status: 201, headers: { "content-type": "text/event-stream" } },
    });
    expect(store.text).not.toMatch(/authorization|cookie|x-mine/);
  });

  test("that is opaque has no status, and its cassette can be read", async () => {
    const store = memoryStore();
    record(Response.error(), store);
    expect((await store.read()).header.response).not.toHaveProperty("status");
  });

  test("without a body has a cassette without chunks", async () => {
    const store = memoryStore();
    expect(record(new Response(null, { status: 204 }), store).status).toBe(204);
    expect(await store.read()).toMatchObject({ chunks: [], end: { how: "closed" } });
  });
});

describe("a sink that fails is told once, and disturbs nobody", () => {
  test.for<[string, CassetteSink["write"]]>([
    [
      "throws",
      () => {
        throw new Error("full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("full"))],
  ])("%s", async ([, write]) => {
    const errors: unknown[] = [];
    let closes = 0;
    const sink = { write: vi.fn(write), close: () => void closes++ };
    const body = record(countedStream(three).stream, sink, { onError: (error) => errors.push(error) });
    await settled();
    const unhandled = await unhandledRejections(async () => {
      expect(await new Response(body).text()).toContain("[DONE]");
    });
    expect(errors).toEqual([new Error("full")]);
    expect([sink.write.mock.calls.length, closes, unhandled]).toEqual([1, 1, []]);
  });

  test("without onError it is thrown to nobody, as a listener's error", async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => thrown.push(error));
    const body = record(countedStream(three).stream, { write: () => Promise.reject(new Error("full")) });
    expect(await new Response(body).text()).toContain("[DONE]");
    await settled();
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
    expect(thrown).toEqual([new Error("full")]);
  });
});

test("the writer of a stream is a sink", async () => {
  const { readable, writable } = new TransformStream<string, string>({}, {}, { highWaterMark: 100 });
  await new Response(record(countedStream(three).stream, writable.getWriter())).text();
  const lines: string[] = [];
  for await (const line of readable) lines.push(line);
  expect(bytesOf(parseCassette(lines.join("")))).toEqual(three);
});

describe("recorded, replayed and recorded again it is the same, times aside", () => {
  const again = async (cassette: Cassette, read: (body: ReadableStream) => Promise<unknown>): Promise<Cassette> => {
    const store = memoryStore();
    await read(record(replay(cassette, { speed: Infinity }), store)).catch(() => undefined);
    return store.read();
  };
  const timeless = ({ chunks, end }: Cassette): unknown => [
    bytesOf({ header: { cassette: 1 }, chunks }),
    { ...end, at: 0 },
  ];
  const drain = (body: ReadableStream): Promise<string> => new Response(body).text();

  test.for(fixtures)("$name", async ({ body }) => {
    for (const { name, at } of someCuts(encode(body))) {
      const { store, body: passed } = recording(pieces(encode(body), at));
      await drain(passed);
      const first = await store.read();
      expect(timeless(await again(first, drain)), name).toEqual(timeless(first));
    }
  });

  test("also of a body that failed", async () => {
    const { store, body } = recording(three, { fails: new RangeError("too much") });
    await drain(body).catch(() => undefined);
    const first = await store.read();
    expect(first.end?.how).toBe("errored");
    expect(timeless(await again(first, drain))).toEqual(timeless(first));
  });

  test("also of a body whose reader stopped", async () => {
    const stop = async (body: ReadableStream): Promise<void> => {
      const reader = body.getReader();
      await reader.read();
      await reader.cancel("enough");
    };
    const { store, body } = recording(three);
    await stop(body);
    const first = await store.read();
    expect(timeless(await again(first, stop))).toEqual(timeless(first));
  });
});

test.for<[string, () => unknown]>([
  ["no body", () => record(undefined as unknown as Response, memoryStore())],
  ["text", () => record("data" as unknown as Response, memoryStore())],
  ["no sink", () => record(new Response("a"), undefined as unknown as CassetteSink)],
  ["a sink without write", () => record(new Response("a"), {} as CassetteSink)],
  ["onError that is none", () => record(new Response("a"), memoryStore(), { onError: 1 as unknown as () => void })],
])("a call that cannot be meant is a TypeError: %s", ([, attempt]) => {
  expect(attempt).toThrow(TypeError);
});

test("a body that is read already is a TypeError, and nothing is written", async () => {
  const store = memoryStore();
  const { stream } = countedStream(three);
  stream.getReader();
  expect(() => record(stream, store)).toThrow(TypeError);
  expect(store.text).toBe("");
});

test("a response of which a part is read already is a TypeError: the rest would be recorded as a whole body", async () => {
  const response = new Response(bodyOf(["data: ", "1\n\n"]));
  const reader = response.body?.getReader();
  await reader?.read();
  reader?.releaseLock();
  expect(() => record(response, memoryStore())).toThrow(/has been read already/);
});

test("since is a time of performance.now(): with another no reader would take the cassette", async () => {
  for (const since of [Date.now(), Number.NaN, -Infinity, "1" as unknown as number]) {
    const body = bodyOf(["a"]);
    expect(() => record(body, memoryStore(), { since })).toThrow(/^since must be what performance\.now\(\) said/);
    expect(body.locked).toBe(false);
  }
});
