// bodyOf: a body as fetch gives it, with pauses and faults; what tests of handlers rely on.
import { type BodyOptions, bodyOf } from "sluice/testing";
import { afterEach, describe, expect, test, vi } from "vitest";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(
  chunks: Iterable<Uint8Array | string>,
  options?: BodyOptions,
): Promise<[at: number, what: unknown][]> {
  const start = performance.now();
  const log: [number, unknown][] = [];
  const note = (what: unknown): void => void log.push([performance.now() - start, what]);
  const reading = (async () => {
    for await (const chunk of bodyOf(chunks, options)) note(new TextDecoder().decode(chunk));
    note("closed");
  })().catch((error: unknown) => note(error));
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(10_000);
  else await reading;
  return log;
}

afterEach(() => void vi.useRealTimers());

test("it gives the chunks, text as UTF-8, one for each read", async () => {
  const reader = bodyOf(["é", encode("b"), ""]).getReader();
  expect(await reader.read()).toEqual({ done: false, value: encode("é") });
  expect(await reader.read()).toEqual({ done: false, value: encode("b") });
  expect(await reader.read()).toEqual({ done: false, value: new Uint8Array() });
  expect(await reader.read()).toEqual({ done: true, value: undefined });
});

test("it is the body of a Response", async () => {
  expect(await new Response(bodyOf(["data: ", "1\n\n"])).text()).toBe("data: 1\n\n");
});

test("without a pace there is no timer", async () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  await new Response(bodyOf(["a", "b"])).text();
  expect(timers).not.toHaveBeenCalled();
});

test("a pace is the time before each chunk and the end", async () => {
  vi.useFakeTimers();
  expect(await read(["a", "b"], { pace: 50 })).toEqual([
    [50, "a"],
    [100, "b"],
    [150, "closed"],
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

describe("faults", () => {
  const what = async (options: BodyOptions): Promise<unknown[]> =>
    (await read(["abc", "def"], options)).map(([, each]) => each);

  test.for<[number, string[]]>([
    [0, []],
    [2, ["ab"]],
    [3, ["abc"]],
    [5, ["abc", "de"]],
    [6, ["abc", "def"]],
    [7, ["abc", "def"]],
  ])("after %d bytes", async ([at, before]) => {
    const error = new Error("mine");
    expect(await what({ fault: { kind: "cut", at } })).toEqual([...before, "closed"]);
    expect(await what({ fault: { kind: "error", at, error } })).toEqual([...before, error]);
    vi.useFakeTimers();
    expect(await what({ fault: { kind: "stall", at } })).toEqual(before);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an error is one of fetch unless it is given", async () => {
    expect(await what({ fault: { kind: "error" } })).toEqual(["abc", "def", new TypeError("terminated")]);
  });

  test("with a pace they come when the next chunk would", async () => {
    vi.useFakeTimers();
    const times = (await read(["abc", "def"], { pace: 50, fault: { kind: "error" } })).map(([at]) => at);
    expect(times).toEqual([50, 100, 150]);
  });
});

test("cancelling ends a stall and a pause, and leaves no timer", async () => {
  for (const options of [{ fault: { kind: "stall", at: 0 } }, { pace: 1e6 }] as const) {
    vi.useFakeTimers();
    const reader = bodyOf(["abc"], options).getReader();
    const reading = reader.read();
    await vi.advanceTimersByTimeAsync(5);
    await reader.cancel();
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(vi.getTimerCount()).toBe(0);
  }
});

test.for<[string, () => unknown]>([
  ["a chunk that is a number", () => bodyOf([1 as unknown as string])],
  ["a pace that is none", () => bodyOf([], { pace: Number.NaN })],
  ["a negative pace", () => bodyOf([], { pace: -1 })],
  ["an unknown fault", () => bodyOf([], { fault: { kind: "bang" as "cut" } })],
  ["a place that is none", () => bodyOf([], { fault: { kind: "cut", at: Number.NaN } })],
])("what cannot be meant is a TypeError: %s", ([, attempt]) => {
  expect(attempt).toThrow(TypeError);
});
