import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { joined } from "../../../edge-examples/chat/worker/joined.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const after = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Each chunk so many milliseconds after the one before, as it came out and when. */
async function through(
  steps: readonly [pause: number, chunk: string][],
  end: (controller: ReadableStreamDefaultController<Uint8Array>) => void = (controller) => controller.close(),
): Promise<{ came: [at: number, text: string][]; error: unknown }> {
  const began = performance.now();
  const came: [number, string][] = [];
  let error: unknown;
  const source = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const [pause, chunk] of steps) {
        await after(pause);
        controller.enqueue(new TextEncoder().encode(chunk));
      }
      end(controller);
    },
  });
  const reading = (async () => {
    try {
      for await (const chunk of joined(source)) {
        came.push([performance.now() - began, new TextDecoder().decode(chunk)]);
      }
    } catch (thrown) {
      error = thrown;
    }
  })();
  await vi.runAllTimersAsync();
  await reading;
  return { came, error };
}

test("a chunk after a pause waits for nothing", async () => {
  const { came } = await through([
    [7, "a"],
    [5, "b"],
    [100, "c"],
  ]);
  expect(came).toEqual([
    [7, "a"],
    [12, "b"],
    [112, "c"],
  ]);
});

test("what comes soon after a chunk goes out together, 4 ms behind it", async () => {
  const { came } = await through([
    [1, "a"],
    [1, "b"],
    [1, "c"],
    [1, "d"],
    [2, "e"],
    [20, "f"],
  ]);
  expect(came).toEqual([
    [1, "a"],
    [5, "bcd"],
    [9, "e"],
    [26, "f"],
  ]);
});

test("what is at hand after a pause goes together: workerd gives a chunk in two reads", async () => {
  const { came } = await through([
    [7, "a"],
    [0, "b"],
    [100, "c"],
    [0, "d"],
  ]);
  expect(came).toEqual([
    [7, "ab"],
    [107, "cd"],
  ]);
});

test("64 KiB go out at once, and no byte less", async () => {
  const { came } = await through([
    [1, "a"],
    [1, "x".repeat(65_535)],
    [1, "b"],
    [1, "c"],
    [10, "d"],
  ]);
  expect(came.map(([at, { length }]) => [at, length])).toEqual([
    [1, 1],
    [3, 65_536],
    [7, 1],
    [14, 1],
  ]);
});

test("an end waits for nothing, and what came before an error comes before it", async () => {
  expect(
    await through([
      [1, "a"],
      [1, "b"],
    ]),
  ).toEqual({
    came: [
      [1, "a"],
      [2, "b"],
    ],
    error: undefined,
  });

  const broken = new Error("broken");
  expect(
    await through(
      [
        [1, "a"],
        [1, "b"],
      ],
      (controller) => void after(1).then(() => controller.error(broken)),
    ),
  ).toEqual({
    came: [
      [1, "a"],
      [3, "b"],
    ],
    error: broken,
  });
});

test.each([
  ["before anything came", []],
  ["while a chunk waits for others", ["a", "b"]],
])("a reader that leaves %s cancels the source once; no read and no timer goes on", async (_, chunks) => {
  const cancel = vi.fn();
  let send = (_: string): void => undefined;
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (chunk) => controller.enqueue(new TextEncoder().encode(chunk));
    },
    cancel,
  });
  const reader = joined(source).getReader();
  let last = reader.read();
  for (const chunk of chunks) {
    send(chunk);
    await vi.advanceTimersByTimeAsync(1);
    if (chunk !== chunks.at(-1)) last = reader.read();
  }

  await reader.cancel("gone");

  expect(cancel.mock.calls).toEqual([["gone"]]);
  expect(await last).toEqual({ done: true, value: undefined });
});
