// Deadlines count content only, pause while the consumer is slow, and leave no timer behind. Time is vitest's.
import { type ChatOptions, chat, type Delta } from "sluice/chat";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chunk, DONE, endOf, stop } from "./helpers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // none outlives the answer
  vi.useRealTimers();
});

const hello = chunk({ content: "Hello" });
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A source that waits before each of its chunks, and a count of its cancels. */
function slow(steps: readonly [ms: number, chunk: string][], hangs = false) {
  const counted = { cancels: 0, stream: new ReadableStream<Uint8Array>() };
  const rest = [...steps];
  let timer: ReturnType<typeof setTimeout> | undefined;
  counted.stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const step = rest.shift();
        if (step === undefined) return hangs ? new Promise<void>(() => {}) : controller.close();
        await new Promise<void>((resolve) => {
          timer = setTimeout(resolve, step[0]);
        });
        controller.enqueue(new TextEncoder().encode(step[1]));
      },
      cancel() {
        clearTimeout(timer);
        counted.cancels++;
      },
    },
    { highWaterMark: 0 },
  );
  return counted;
}

/** Reads to the end, with a pause behind each delta, and says how long it took. */
async function read(
  source: Parameters<typeof chat>[0],
  options: ChatOptions,
  pause = 0,
): Promise<{ deltas: Delta[]; ms: number }> {
  const began = performance.now();
  const deltas: Delta[] = [];
  const reading = (async () => {
    for await (const delta of chat(source, options)) {
      deltas.push(delta);
      if (pause > 0) await after(pause);
    }
    return performance.now() - began;
  })();
  await vi.runAllTimersAsync();
  return { deltas, ms: await reading };
}

test("first: nothing comes", async () => {
  const source = slow([], true);
  const { deltas, ms } = await read(source.stream, { deadlines: { first: 1000 } });
  expect(deltas).toMatchObject([
    {
      type: "end",
      outcome: "stalled",
      cause: { name: "TimeoutError", message: "No content came within 1000 ms (deadlines.first)" },
    },
  ]);
  expect([ms, source.cancels]).toEqual([1000, 1]);
});

test("first: pings, comments, roles and usage are no content", async () => {
  const ping = ": ping\n\n";
  const role = chunk({ role: "assistant", content: "" }, { usage: { prompt_tokens: 3 } });
  const source = slow(
    [
      [300, ping],
      [300, role],
      [300, ping],
      [300, hello],
    ],
    true,
  );
  const { deltas, ms } = await read(source.stream, { deadlines: { first: 1000 } });
  expect(endOf(deltas).outcome).toBe("stalled");
  expect(ms).toBe(1000);
});

test("first counts from the call, the request included", async () => {
  const request = after(600).then(() => new Response(slow([[600, hello]]).stream));
  const { deltas, ms } = await read(request, { deadlines: { first: 1000 } });
  expect(endOf(deltas).outcome).toBe("stalled");
  expect(ms).toBe(1000);
  await vi.runAllTimersAsync();
});

test("first: a request that never becomes a response", async () => {
  const { deltas } = await read(new Promise<Response>(() => {}), { deadlines: { first: 1000 } });
  expect(deltas).toMatchObject([{ type: "end", outcome: "stalled" }]);
});

test("first is over once there was content", async () => {
  const { deltas } = await read(
    slow([
      [900, hello],
      [5000, stop() + DONE],
    ]).stream,
    { deadlines: { first: 1000 } },
  );
  expect(endOf(deltas).outcome).toBe("complete");
});

test("idle counts between contents", async () => {
  const steps: [number, string][] = [
    [900, hello],
    [900, hello],
    [900, hello],
    [5000, stop()],
  ];
  const source = slow(steps);
  const { deltas, ms } = await read(source.stream, { deadlines: { idle: 1000 } });
  expect(endOf(deltas)).toMatchObject({
    outcome: "stalled",
    cause: { message: "No more content came within 1000 ms (deadlines.idle)" },
  });
  expect([ms, source.cancels]).toEqual([3700, 1]);
});

test("idle counts from the call without first, and not before the first content with it", async () => {
  expect((await read(slow([[1500, hello]]).stream, { deadlines: { idle: 1000 } })).ms).toBe(1000);
  const { deltas } = await read(
    slow([
      [1500, hello],
      [10, stop() + DONE],
    ]).stream,
    { deadlines: { first: 2000, idle: 1000 } },
  );
  expect(endOf(deltas).outcome).toBe("complete");
});

test("idle: reasoning, refusals, tools, signatures and citations are content", async () => {
  const contents = [
    chunk({ reasoning: "Hm" }),
    chunk({ refusal: "No" }),
    chunk({ tool_calls: [{ index: 0, function: { name: "f", arguments: "{}" } }] }),
    chunk({ reasoning_details: [{ signature: "s" }] }),
    chunk({ annotations: [{ url: "u" }] }),
  ];
  const steps = [...contents, stop() + DONE].map((content): [number, string] => [900, content]);
  const { deltas } = await read(slow(steps).stream, { deadlines: { idle: 1000 } });
  expect(endOf(deltas).outcome).toBe("complete");
});

test("total counts from the call to the end, content or not", async () => {
  const steps: [number, string][] = Array.from({ length: 9 }, () => [300, hello]);
  const { deltas, ms } = await read(slow(steps).stream, { deadlines: { total: 1000 } });
  expect(endOf(deltas)).toMatchObject({
    outcome: "stalled",
    cause: { message: "The answer was not whole within 1000 ms (deadlines.total)" },
  });
  expect(ms).toBe(1000);
  expect(deltas.filter(({ type }) => type === "text").length).toBe(3);
});

test("time in which the consumer is slow does not count", async () => {
  const steps: [number, string][] = [
    [100, hello],
    [100, hello],
    [100, stop() + DONE],
  ];
  const { deltas } = await read(slow(steps).stream, { deadlines: { first: 150, idle: 150, total: 400 } }, 10_000);
  expect(endOf(deltas).outcome).toBe("complete");
});

test("time before anybody reads a response that is there does not count", async () => {
  const answer = chat(slow([[100, hello + stop() + DONE]]).stream, { deadlines: { first: 150 } });
  await vi.advanceTimersByTimeAsync(10_000);
  const message = answer.message();
  await vi.runAllTimersAsync();
  expect((await message).outcome).toBe("complete");
});

test("a timer exists only while a read is pending", async () => {
  const answer = chat(slow([[100, hello]], true).stream, { deadlines: { idle: 1000 } })[Symbol.asyncIterator]();
  expect(vi.getTimerCount()).toBe(0);
  const pending = answer.next();
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(100);
  expect((await pending).value?.type).toBe("start");
  expect(vi.getTimerCount()).toBe(0);
  await answer.return?.();
});

test("what came before a deadline stays, and the end says so once", async () => {
  const { deltas } = await read(slow([[10, hello]], true).stream, { deadlines: { idle: 1000 } });
  expect(deltas.map(({ type }) => type)).toEqual(["start", "text", "end"]);
});

test("what came while the program itself was busy is in time, however many turns it takes to get here", async () => {
  vi.useRealTimers();
  const parts = [": a comment\n\n", hello + stop()];
  const came = new ReadableStream<string>(
    {
      async pull(controller) {
        for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
        controller.enqueue(parts.shift() ?? DONE);
      },
    },
    { highWaterMark: 0 },
  );
  const message = chat(came, { deadlines: { idle: 50 } }).message();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400); // busy
  expect((await message).outcome).toBe("complete");
  vi.useFakeTimers();
});

test("a deadline that is overdue twice is a timer of no time, not of a negative one", async () => {
  const delays = vi.spyOn(globalThis, "setTimeout");
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const late = new ReadableStream<string>(
    {
      pull(controller) {
        now += 1000; // the program was busy
        if (now < 4000) controller.enqueue(": a comment\n\n");
      },
    },
    { highWaterMark: 0 },
  );
  const message = chat(late, { deadlines: { idle: 10 } }).message();
  await vi.runAllTimersAsync();
  expect((await message).outcome).toBe("stalled");
  expect(delays.mock.calls.every(([, delay = 0]) => delay >= 0)).toBe(true);
  delays.mockRestore();
  clock.mockRestore();
});

test("an HTTP error whose body stalls is an error", async () => {
  const { deltas } = await read(new Response(slow([], true).stream, { status: 503 }), { deadlines: { first: 1000 } });
  expect(endOf(deltas)).toMatchObject({ outcome: "error", cause: { status: 503 } });
});

test("without deadlines there are no timers", async () => {
  const answer = chat(slow([[50, hello]], true).stream)[Symbol.asyncIterator]();
  const pending = answer.next();
  expect(vi.getTimerCount()).toBe(0); // the source begins its own a moment later
  await vi.advanceTimersByTimeAsync(50);
  await pending;
  await answer.return?.();
});

test("Infinity is no deadline, and one beyond the longest timer does not fire at once", async () => {
  const steps: [number, string][] = [[5000, hello + stop() + DONE]];
  const { deltas } = await read(slow(steps).stream, { deadlines: { first: Infinity, idle: 2 ** 40, total: 2 ** 33 } });
  expect(endOf(deltas).outcome).toBe("complete");
});

test("the moment after a sentinel leaves no timer when the connection ends by itself, or does not", async () => {
  expect(
    (
      await read(
        slow([
          [1, hello + DONE],
          [10, ": bye\n\n"],
        ]).stream,
        {},
      )
    ).ms,
  ).toBe(11);
  const open = slow([[1, hello + DONE]], true);
  expect((await read(open.stream, {})).ms).toBe(51);
  expect(open.cancels).toBe(1);
});
