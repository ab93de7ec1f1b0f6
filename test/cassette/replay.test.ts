// replay: the body comes back, at its pace or another, cut as it was or anew, whole or with a fault.

import {
  type Cassette,
  formatCassette,
  memoryStore,
  parseCassette,
  type ReplayOptions,
  replay,
  replayResponse,
} from "sluice/cassette";
import { chat } from "sluice/chat";
import { cutInto } from "sluice/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fixtures } from "../fixtures/index.ts";
import { someCuts } from "../support/cuts.ts";
import { join } from "../support/transcript.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A cassette of these chunks at these times. */
function cassetteOf(
  chunks: readonly (readonly [at: number, text: string | Uint8Array])[],
  end: Cassette["end"] | null = { at: 1000, how: "closed" },
): Cassette {
  return {
    header: { cassette: 1 },
    chunks: chunks.map(([at, bytes]) => ({ at, bytes: typeof bytes === "string" ? encode(bytes) : bytes })),
    ...(end && { end }),
  };
}

/** What is read, in order: each chunk's text and when it came, and how it ended. */
async function played(cassette: Cassette, options?: ReplayOptions): Promise<[at: number, what: unknown][]> {
  const start = performance.now();
  const log: [number, unknown][] = [];
  const note = (what: unknown): void => void log.push([performance.now() - start, what]);
  const reading = (async () => {
    for await (const chunk of replay(cassette, options)) note(new TextDecoder().decode(chunk));
    note("closed");
  })().catch((error: Error) => note(`${error.name}: ${error.message}`));
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(100_000);
  else await reading;
  return log;
}

const three = cassetteOf([
  [200, "one "],
  [250, "two "],
  [900, "three"],
]);

describe("the pace", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test("is that of the recording", async () => {
    expect(await played(three)).toEqual([
      [200, "one "],
      [250, "two "],
      [900, "three"],
      [1000, "closed"],
    ]);
  });

  test("is `speed` times that", async () => {
    expect((await played(three, { speed: 10 })).map(([at]) => at)).toEqual([20, 25, 90, 100]);
    expect((await played(three, { speed: 0.5 })).map(([at]) => at)).toEqual([400, 500, 1800, 2000]);
  });

  test("is none at all, without a timer, at infinite speed", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const body = replay(three, { speed: Infinity });
    expect(await new Response(body).text()).toBe("one two three");
    expect(timers).not.toHaveBeenCalled();
  });

  test("of pieces is that of the chunks in which their last bytes came", async () => {
    expect(await played(three, { cuts: 5 })).toEqual([
      [250, "one t"],
      [900, "wo th"],
      [900, "ree"],
      [1000, "closed"],
    ]);
  });

  test("counts from the first read, and a slow reader is not made to wait twice", async () => {
    const body = replay(three);
    await vi.advanceTimersByTimeAsync(5000);
    const reader = body.getReader();
    let first: unknown;
    void reader.read().then(({ value }) => {
      first = value;
    });
    await vi.advanceTimersByTimeAsync(199);
    expect(first).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(first).toEqual(encode("one "));
    await vi.advanceTimersByTimeAsync(5000); // the reader is busy
    expect(await reader.read()).toEqual({ done: false, value: encode("two ") });
    expect(await reader.read()).toEqual({ done: false, value: encode("three") });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test("a pause of more than a timer can hold is waited for", async () => {
    const month = 30 * 24 * 3600 * 1000;
    const reader = replay(cassetteOf([[month, "late"]])).getReader();
    let came = false;
    void reader.read().then(() => {
      came = true;
    });
    await vi.advanceTimersByTimeAsync(month - 1);
    expect(came).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(came).toBe(true);
    await reader.cancel();
  });

  test("no timer exists while nobody reads, and none after a cancel", async () => {
    const reader = replay(three).getReader();
    const first = reader.read();
    await vi.advanceTimersByTimeAsync(200);
    await first;
    expect(vi.getTimerCount()).toBe(0);
    const second = reader.read();
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBe(1);
    await reader.cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(await second).toEqual({ done: true, value: undefined });
  });
});

describe("cut anew, the bytes are the same", () => {
  const cuts: ReplayOptions[] = [
    {},
    { cuts: 1 },
    { cuts: 7 },
    { cuts: 1e9 },
    { cuts: "random" },
    { cuts: "random", seed: 2 },
    { cuts: "adversarial" },
  ];

  test.for(fixtures)("$name", async ({ body }) => {
    for (const { at } of someCuts(encode(body))) {
      const chunks = [0, ...at].map(
        (place, index) => [index, encode(body).slice(place, [...at, undefined][index])] as const,
      );
      const cassette = cassetteOf(chunks, { at: chunks.length, how: "closed" });
      for (const options of cuts) {
        const out: Uint8Array[] = [];
        for await (const chunk of replay(cassette, { speed: Infinity, ...options })) out.push(chunk);
        expect(join(out), JSON.stringify(options)).toEqual(encode(body));
      }
    }
  });

  const chunksOf = async (text: string, options: ReplayOptions): Promise<Uint8Array[]> => {
    const out: Uint8Array[] = [];
    for await (const chunk of replay(cassetteOf([[1, text]]), { speed: Infinity, ...options })) out.push(chunk);
    return out;
  };

  test("into chunks of so many bytes", async () => {
    expect(await chunksOf("data: é", { cuts: 1 })).toEqual([...encode("data: é")].map((byte) => Uint8Array.of(byte)));
    expect(await chunksOf("data: é", { cuts: 3 })).toEqual(cutInto(encode("data: é"), 3));
  });

  test("at random, the same for the same seed", async () => {
    const text = "data: one two three\n\n".repeat(50);
    const first = await chunksOf(text, { cuts: "random", seed: 5 });
    expect(first.length).toBeGreaterThan(3);
    expect(await chunksOf(text, { cuts: "random", seed: 5 })).toEqual(first);
    expect(await chunksOf(text, { cuts: "random", seed: 6 })).not.toEqual(first);
  });

  test("where it hurts: inside characters, CRLF pairs and escapes", async () => {
    let length = 0;
    const places = (await chunksOf("a😀b\r\n\\u00e9c", { cuts: "adversarial" })).map(
      (chunk) => (length += chunk.length),
    );
    expect(places).toEqual([2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]); // neither before the 😀 nor before the b
  });

  test("chunks that were empty come back only where nothing is cut anew", async () => {
    const cassette = cassetteOf([
      [1, ""],
      [2, "ab"],
      [3, ""],
    ]);
    expect((await played(cassette, { speed: Infinity })).map(([, what]) => what)).toEqual(["", "ab", "", "closed"]);
    expect((await played(cassette, { speed: Infinity, cuts: 1 })).map(([, what]) => what)).toEqual([
      "a",
      "b",
      "closed",
    ]);
  });
});

describe("how it ends", () => {
  const ends = async (cassette: Cassette, options?: ReplayOptions): Promise<unknown[]> =>
    (await played(cassette, { speed: Infinity, ...options })).map(([, what]) => what);

  test("as it ended: with the error it had", async () => {
    const failed = cassetteOf([[1, "one"]], { at: 2, how: "errored", name: "TypeError", message: "terminated" });
    expect(await ends(failed)).toEqual(["one", "TypeError: terminated"]);
  });

  test("a recording without its end fails, and says why", async () => {
    expect(await ends(cassetteOf([[1, "one"]], null))).toEqual([
      "one",
      expect.stringContaining("broken off") as unknown,
    ]);
    const stopped = cassetteOf([[1, "one"]], { at: 2, how: "cancelled" });
    expect(await ends(stopped)).toEqual(["one", expect.stringContaining("stopped by its reader") as unknown]);
  });

  test("cut after any number of bytes", async () => {
    const whole = "one two three";
    for (let at = 0; at < whole.length; at++) {
      for (const options of [{}, { cuts: 1 }, { cuts: "adversarial" }] as const) {
        const came = await ends(three, { ...options, fault: { kind: "cut", at } });
        expect(came.at(-1)).toBe("closed");
        expect(came.slice(0, -1).join("")).toBe(whole.slice(0, at));
        expect(came.includes("")).toBe(false);
      }
    }
    expect((await ends(three, { fault: { kind: "cut", at: 99 } })).join("")).toBe(`${whole}closed`);
  });

  test("failing after so many bytes, or at the end", async () => {
    expect(await ends(three, { fault: { kind: "error", at: 5 } })).toEqual(["one ", "t", "TypeError: terminated"]);
    const error = new RangeError("mine");
    expect(await ends(three, { fault: { kind: "error", error } })).toEqual([
      "one ",
      "two ",
      "three",
      "RangeError: mine",
    ]);
  });

  test("stalling: nothing more comes, no timer waits, and a cancel ends it", async () => {
    vi.useFakeTimers();
    const log: unknown[] = [];
    const reader = replay(three, { fault: { kind: "stall", at: 6 } }).getReader();
    const reading = (async () => {
      for (let result = await reader.read(); ; result = await reader.read()) {
        log.push(result.done ? "closed" : new TextDecoder().decode(result.value));
        if (result.done) return;
      }
    })();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(log).toEqual(["one ", "tw"]);
    expect(vi.getTimerCount()).toBe(0);
    await reader.cancel();
    await reading;
    expect(log).toEqual(["one ", "tw", "closed"]);
    vi.useRealTimers();
  });
});

test("each replay is a body of its own: what a reader does to its chunks is not seen in the next", async () => {
  for (let round = 0; round < 2; round++) {
    const out: string[] = [];
    for await (const chunk of replay(three, { speed: Infinity })) {
      out.push(new TextDecoder().decode(chunk));
      chunk.fill(0);
    }
    expect(out).toEqual(["one ", "two ", "three"]);
  }
});

test("a cassette's text, its bytes and itself give the same body", async () => {
  const text = formatCassette(three);
  for (const form of [three, text, encode(text), parseCassette(text)]) {
    expect(await new Response(replay(form, { speed: Infinity })).text()).toBe("one two three");
  }
});

describe("as a Response", () => {
  const header = (response: object): Cassette => ({ ...three, header: { cassette: 1, response } });

  test("it has the status and the content type of the recording", async () => {
    const recorded = header({
      status: 429,
      headers: { "content-type": "application/json", "content-encoding": "gzip", "content-length": "5" },
    });
    const response = replayResponse(recorded, { speed: Infinity });
    expect([response.status, [...response.headers]]).toEqual([429, [["content-type", "application/json"]]]);
    expect(await response.text()).toBe("one two three");
    const { outcome } = await chat(replayResponse(recorded, { speed: Infinity })).message();
    expect(outcome).toBe("error");
  });

  test("unless they are not known", () => {
    const response = replayResponse(three);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  });

  test("a status without a body has none", () => {
    expect(replayResponse(header({ status: 204 })).body).toBe(null);
  });
});

test.for<[string, ReplayOptions]>([
  ["speed 0", { speed: 0 }],
  ["speed NaN", { speed: Number.NaN }],
  ["half a byte", { cuts: 0.5 }],
  ["no bytes", { cuts: 0 }],
  ["an unknown word", { cuts: "hostile" as "random" }],
  ["an unknown fault", { fault: { kind: "explode" as "cut" } }],
  ["a fault before the beginning", { fault: { kind: "cut", at: -1 } }],
  ["a seed that is none", { seed: "1" as unknown as number }],
])("an option that cannot be meant is a TypeError: %s", ([, options]) => {
  expect(() => replay(three, options)).toThrow(TypeError);
});

test("a store, a promise and nothing are no cassette: a TypeError says what is", () => {
  for (const mistake of [
    memoryStore(),
    memoryStore()
      .read()
      .catch(() => undefined),
    undefined,
    { chunks: "one" },
  ]) {
    for (const play of [replay, replayResponse]) {
      expect(() => play(mistake as unknown as Cassette)).toThrow(
        /^cassette must be what parseCassette gives, .*; got /,
      );
    }
  }
});
