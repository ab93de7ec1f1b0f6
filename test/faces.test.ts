// What separate streams do, fused hearts do, whatever a user's heart does wrong; and what one chunk gives is bounded work.
import { bufferParse, encodeSSE, filterEmpty, flow, fuse, type Stage, splitLines, splitSSE, stage } from "sluice";
import { describe, expect, test } from "vitest";

/** Passes each character on as a value, and throws at `!`. */
const characters = (): Stage<string, string> =>
  stage((out) => ({
    push(text) {
      for (const character of text) {
        if (character === "!") throw new Error("!");
        out.push(character);
      }
    },
    end: () => out.end(),
  }));

async function read<T>(stream: AsyncIterable<T>): Promise<{ values: T[]; error?: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of stream) values.push(value);
    return { values };
  } catch (error) {
    return { values, error };
  }
}

const body = <T>(...chunks: T[]): ReadableStream<T> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

describe("a heart that breaks its contract", () => {
  /** Swallows whatever comes from behind it. */
  const swallowing = (): Stage<string, unknown> =>
    stage((out) => ({
      push(text) {
        try {
          out.push(JSON.parse(text));
        } catch {
          // This is the mistake: it was meant for JSON.parse alone.
        }
      },
      end: () => out.end(),
    }));
  const noTwo = (): Stage<unknown, unknown> =>
    stage((out) => ({
      push(value) {
        if (value === 2) throw new Error("two");
        out.push(value);
      },
      end: () => out.end(),
    }));

  test("and catches the error of one behind it hides no error, fused or not", async () => {
    const chunks = ["1", "x", "2", "3"];
    const separate = await read(
      body(...chunks)
        .pipeThrough(swallowing())
        .pipeThrough(noTwo()),
    );
    expect(separate).toEqual({ values: [1], error: new Error("two") });
    expect(await read(flow(chunks, swallowing(), noTwo()))).toEqual(separate);
    expect(await read(body(...chunks).pipeThrough(fuse(swallowing(), noTwo())))).toEqual(separate);
  });

  test("and goes on after its end reaches nobody", async () => {
    const seen: string[] = [];
    const late = (): Stage<string, string> =>
      stage((out) => ({
        push(text) {
          out.push(text);
          out.end();
          out.push("late");
          out.end();
        },
        end: () => out.end(),
      }));
    const watching = (): Stage<string, string> =>
      stage((out) => ({
        push(text) {
          seen.push(text);
          out.push(text);
        },
        end() {
          seen.push("end");
          out.end();
        },
      }));
    expect(await read(flow(["a", "b"], late(), watching()))).toEqual({ values: ["a"] });
    expect(seen).toEqual(["a", "end"]);
  });
});

describe("a heart that ends while it connects", () => {
  const nothing = (): Stage<string, string> =>
    stage((out) => {
      out.end();
      return { push: () => undefined, end: () => undefined };
    });

  test("ends each face, and its source is cancelled", async () => {
    let cancels = 0;
    const source = (): ReadableStream<string> =>
      new ReadableStream<string>({ pull: (controller) => controller.enqueue("a"), cancel: () => void cancels++ });
    expect(await read(flow(source(), nothing()))).toEqual({ values: [] });
    expect(cancels).toBe(1);
    expect(await read(source().pipeThrough(nothing()))).toEqual({ values: [] });
    await expect.poll(() => cancels).toBe(2);
  });

  test("a stage that throws while it connects leaves the source alone", () => {
    const source = body("a");
    const broken = stage<string, string>(() => {
      throw new Error("no");
    });
    expect(() => flow(source, broken)).toThrow("no");
    expect(source.locked).toBe(false);
  });
});

describe("values before an error", () => {
  test("reach both branches of a tee", async () => {
    const [first, second] = body("abc!").pipeThrough(characters()).tee();
    const both = await Promise.all([read(first), read(second)]);
    for (const branch of both) expect(branch).toEqual({ values: ["a", "b", "c"], error: new Error("!") });
  });

  test("wait for the next reader when one has let go", async () => {
    const { readable, writable } = characters();
    const gone = readable.getReader();
    const read = gone.read().catch(() => "released");
    gone.releaseLock();
    expect(await read).toBe("released");
    const written = writable.getWriter().write("a!");
    written.catch(() => undefined);
    const reader = readable.getReader();
    expect(await reader.read()).toEqual({ done: false, value: "a" });
    await expect(reader.read()).rejects.toThrow("!");
    await expect(written).rejects.toThrow("!");
  });
});

test("a chunk of very many values comes through every face", async () => {
  const count = 20_000;
  const text = "\n".repeat(count);
  for (const stream of [
    flow([text], splitLines()),
    flow([text], splitLines()).readable,
    body(text).pipeThrough(splitLines()),
  ]) {
    expect((await read(stream)).values.length).toBe(count);
  }
});

test("an iterator whose result throws when it is looked at is an error, not a hang", async () => {
  const result = {
    done: false as const,
    get value(): string {
      throw new Error("spoilt");
    },
  };
  const source: AsyncIterable<string> = { [Symbol.asyncIterator]: () => ({ next: async () => result }) };
  expect(await read(flow(source))).toEqual({ values: [], error: new Error("spoilt") });
});

test("whoever cancels again waits for the same end", async () => {
  let settle = (): void => undefined;
  const source = new ReadableStream<string>({
    cancel: () =>
      new Promise<void>((resolve) => {
        settle = resolve;
      }),
  });
  const reading = flow(source);
  const order: string[] = [];
  const first = reading.cancel().then(() => order.push("first"));
  const second = reading.cancel().then(() => order.push("second"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(order).toEqual([]);
  settle();
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second"]);
});

describe("what cannot be meant is refused in words", () => {
  test.each([
    [
      "an object that is no event",
      () =>
        encodeSSE()
          .connect({ push: () => undefined, end: () => undefined })
          .push({}),
    ],
    ["true and false as words", () => bufferParse(JSON.parse('{"framed":"no"}'))],
    ["a sentinel that is required where there is none", () => filterEmpty({ sentinels: [], requireSentinel: true })],
    ["a number as a word", () => splitLines(JSON.parse('{"maxLineLength":"5"}'))],
  ])("%s", (_name, attempt) => {
    expect(attempt).toThrow(TypeError);
  });
});

test("a heart whose function asks for the next value is not entered again", async () => {
  let depth = 0;
  let deepest = 0;
  const asked: Promise<unknown>[] = [];
  const asking = (): Stage<number, number> =>
    stage((out) => ({
      push(value) {
        deepest = Math.max(deepest, ++depth);
        if (value < 3) asked.push(iterator.next());
        out.push(value);
        depth--;
      },
      end: () => out.end(),
    }));
  const iterator = flow([1, 2, 3], asking())[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  expect(await Promise.all(asked)).toEqual([
    { done: false, value: 2 },
    { done: false, value: 3 },
  ]);
  expect(deepest).toBe(1);
});

test("a stage that doesn't fit its source does not compile", () => {
  const wrong = (response: Response): unknown[] => [
    // @ts-expect-error bytes need decode() in front of splitSSE()
    flow(response, splitSSE()),
    // @ts-expect-error the chunks of an array of numbers are no text
    flow([1], splitLines()),
  ];
  expect(() => wrong(new Response("data: 1\n\n"))).not.toThrow(); // it is only said when it is read
});
