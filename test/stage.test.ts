import { decode, fuse, map, Stage, splitLines, splitSSE, stage, tap } from "sluice";
import { describe, expect, test } from "vitest";
import { valuesOf } from "./support/run.ts";
import { countedStream, settled, unhandledRejections } from "./support/sources.ts";

const words = (): Stage<string, string> =>
  stage((out) => ({ push: (text) => text.split(" ").forEach(out.push), end: out.end }));

async function read<T>(stream: ReadableStream<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

describe("a stage", () => {
  test("is what stage, every stage's function and fuse make", () => {
    for (const each of [words(), decode(), splitSSE(), map((x) => x), fuse(decode(), words())])
      expect(each).toBeInstanceOf(Stage);
  });

  test("is a transform stream to pipeThrough, and to types", async () => {
    const transform: TransformStream<string, string> = words() as Stage<string, string> &
      TransformStream<string, string>;
    expect(await read(countedStream(["a b", "c"]).stream.pipeThrough(transform))).toEqual(["a", "b", "c"]);
    const pair: ReadableWritablePair<string, string> = words();
    expect(await read(countedStream(["a b"]).stream.pipeThrough(pair))).toEqual(["a", "b"]);
  });

  test("mixes with other people's transforms, before and behind", async () => {
    const upper = new TransformStream<string, string>({ transform: (text, out) => out.enqueue(text.toUpperCase()) });
    const stream = countedStream(["a b", "c"]).stream.pipeThrough(words()).pipeThrough(upper).pipeThrough(words());
    expect(await read(stream)).toEqual(["A", "B", "C"]);
    const bytes = countedStream(["é"]).stream.pipeThrough(new TextEncoderStream()).pipeThrough(decode());
    expect((await read(bytes)).join("")).toBe("é");
  });

  test("makes its streams on first use, the same ones each time", () => {
    const once = words();
    expect(once.readable).toBe(once.readable);
    expect(once.writable).toBe(once.writable);
  });

  test("connects any number of times, each with a state of its own", () => {
    const lines = splitLines();
    expect(valuesOf(lines, ["a\nb"])).toEqual(["a", "b"]);
    expect(valuesOf(lines, ["c\n"])).toEqual(["c"]);
    const got: string[] = [];
    const sinks = [1, 2].map((n) => lines.connect({ push: (line) => got.push(`${n}${line}`), end() {} }));
    for (const sink of sinks) sink.push("x");
    for (const sink of sinks) sink.push("y\n");
    expect(got).toEqual(["1xy", "2xy"]);
  });

  test("is used once as a pair: a second claim is a TypeError that says so", async () => {
    const used = words();
    const first = countedStream(["a"]).stream.pipeThrough(used);
    expect(() => countedStream(["b"]).stream.pipeThrough(used)).toThrow(/used once/);
    expect(await read(first)).toEqual(["a"]);
    expect(() => countedStream(["c"]).stream.pipeThrough(used)).toThrow(TypeError);
    expect(() => used.writable).toThrow(/used once/);
  });

  test("hears nothing more once it has ended its output", () => {
    const pushed: string[] = [];
    const first = stage<string, string>((out) => ({
      push(value) {
        pushed.push(value);
        if (value === "b") out.end();
        else out.push(value);
      },
      end: () => pushed.push("end"),
    }));
    expect(valuesOf(first, ["a", "b", "c"])).toEqual(["a"]);
    expect(pushed).toEqual(["a", "b"]);
  });
});

describe("its writable", () => {
  test("takes a chunk only when somebody reads, and resolves a write when its values have been read", async () => {
    const seen: string[] = [];
    const { writable, readable } = fuse(
      tap((text: string) => void seen.push(text)),
      words(),
    );
    const writer = writable.getWriter();
    const reader = readable.getReader();
    let isWritten = false;
    const written = writer.write("a b").then(() => {
      isWritten = true;
    });
    await settled();
    expect({ seen, isWritten }).toEqual({ seen: [], isWritten: false });
    expect(await reader.read()).toEqual({ done: false, value: "a" });
    expect(await reader.read()).toEqual({ done: false, value: "b" });
    const next = reader.read();
    await written;
    await Promise.all([writer.close(), next]);
    expect(await next).toEqual({ done: true, value: undefined });
  });

  test("rejects what a heart throws at once; the readable errors when it is drained", async () => {
    const failing = stage<string, string>((out) => ({
      push(text) {
        out.push(text);
        throw new RangeError("mine");
      },
      end: out.end,
    }));
    const unhandled = await unhandledRejections(async () => {
      const writer = failing.writable.getWriter();
      const reader = failing.readable.getReader();
      const closed = expect(writer.closed).rejects.toThrow("mine");
      const write = expect(writer.write("a")).rejects.toThrow("mine");
      expect(await reader.read()).toEqual({ done: false, value: "a" });
      await expect(reader.read()).rejects.toThrow("mine");
      await Promise.all([write, closed]);
      await expect(writer.write("b")).rejects.toThrow("mine");
      reader.closed.catch(() => {});
    });
    expect(unhandled).toEqual([]);
  });

  test("aborted, discards what has not been read, and errors the readable with the reason", async () => {
    const reason = new RangeError("stop");
    const { writable, readable } = words();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const first = reader.read();
    const write = writer.write("a b c").catch(() => {});
    expect(await first).toEqual({ done: false, value: "a" });
    await writer.abort(reason);
    await write;
    await expect(reader.read()).rejects.toBe(reason);
  });

  test("rejects its close with what a heart throws at the end, and so does the readable", async () => {
    const failing = stage<string, string>((out) => ({
      push: out.push,
      end() {
        out.push("last");
        throw new RangeError("mine");
      },
    }));
    const reader = failing.readable.getReader();
    const closing = expect(failing.writable.close()).rejects.toThrow("mine");
    expect(await reader.read()).toEqual({ done: false, value: "last" });
    await expect(reader.read()).rejects.toThrow("mine");
    await closing;
  });

  test("does not look at a chunk that waits when the readable is cancelled, or the writable aborted", async () => {
    for (const ending of ["cancel", "abort"] as const) {
      const seen: string[] = [];
      const { writable, readable } = tap((text: string) => void seen.push(text));
      const writer = writable.getWriter();
      const write = writer.write("a").catch(() => {});
      writer.closed.catch(() => {});
      await settled();
      await (ending === "cancel" ? readable.cancel() : writer.abort());
      await write;
      expect(seen, ending).toEqual([]);
    }
  });

  test("is errored by cancelling the readable, with the reason", async () => {
    const reason = new RangeError("no interest");
    const { writable, readable } = words();
    const writer = writable.getWriter();
    const closed = expect(writer.closed).rejects.toBe(reason);
    await readable.cancel(reason);
    await closed;
    await expect(writer.write("a")).rejects.toBe(reason);
  });

  test("closed before anything was read ends the readable", async () => {
    const { writable, readable } = words();
    await Promise.all([writable.close(), expect(read(readable)).resolves.toEqual([])]);
  });
});

describe("bytes", () => {
  const bytes = (): Stage<string, Uint8Array> =>
    stage((out) => ({
      push(text) {
        for (const character of text) out.push(new TextEncoder().encode(character));
      },
      end() {
        out.push(Uint8Array.of(33));
        out.push(Uint8Array.of(33));
        out.end();
      },
    }));
  const texts = (chunks: readonly Uint8Array[]): string[] => chunks.map((chunk) => new TextDecoder().decode(chunk));

  test("of one chunk in go out as one chunk", async () => {
    const stream = countedStream(["abc", "", "é", "defg"]).stream.pipeThrough(bytes());
    expect(texts(await read(stream))).toEqual(["abc", "é", "defg", "!!"]);
  });

  test("are joined through fuse as well", async () => {
    const stream = countedStream(["ab", "c"]).stream.pipeThrough(
      fuse(
        tap(() => {}),
        bytes(),
      ),
    );
    expect(texts(await read(stream))).toEqual(["ab", "c", "!!"]);
  });
});

describe("fuse", () => {
  test("is associative, and of one stage is that stage", () => {
    const chunks = ["data: a\n", "\ndata: b c\n\n"];
    const data = (): Stage<{ data: string }, string> => map(({ data }) => data);
    const expected = valuesOf([splitSSE(), data(), words()], chunks);
    expect(valuesOf(fuse(fuse(splitSSE(), data()), words()), chunks)).toEqual(expected);
    expect(valuesOf(fuse(splitSSE(), fuse(data(), words())), chunks)).toEqual(expected);
    expect(valuesOf(fuse(splitLines()), chunks)).toEqual(valuesOf(splitLines(), chunks));
  });

  test("takes stages only, and says so", () => {
    const wrong: unknown[] = [null, undefined, {}, "decode", decode, new TransformStream()];
    const fuseAny = fuse as (...stages: unknown[]) => unknown;
    for (const each of wrong) {
      expect(() => fuseAny(decode(), each)).toThrow(TypeError);
      expect(() => fuseAny(decode(), each)).toThrow(/A stage was expected; got /);
    }
  });
});

test("stage takes a function only, and says so", () => {
  const stageOf = stage as (heart: unknown) => unknown;
  for (const wrong of [undefined, null, {}, "x"]) {
    expect(() => stageOf(wrong)).toThrow(TypeError);
    expect(() => stageOf(wrong)).toThrow(/stage takes a function/);
  }
});
