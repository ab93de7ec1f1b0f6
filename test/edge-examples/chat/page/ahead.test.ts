import { describe, expect, test } from "vitest";
import { type Read, readAhead } from "../../../../edge-examples/chat/page/reading/ahead.ts";
import { until } from "../../../support/http.ts";

/** A body whose source says how many chunks have been taken from it. */
function body(
  chunks: number,
  last?: Error,
): { stream: ReadableStream<Uint8Array>; pulled: () => number; left: unknown[] } {
  let pulled = 0;
  const left: unknown[] = [];
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (pulled < chunks) return controller.enqueue(Uint8Array.of(pulled++));
        if (last === undefined) controller.close();
        else controller.error(last);
      },
      cancel: (reason) => {
        left.push(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled, left };
}

describe("reading ahead", () => {
  test.each([0, 1, 2, 100])("gives %i chunks as they are, each seen before it is given", async (count) => {
    const taken: Read[] = [];
    const given: number[] = [];
    for await (const [byte = -1] of readAhead(body(count).stream, (bytes) => taken.push(bytes))) {
      given.push(byte);
      expect(taken.length).toBe(given.length);
    }
    expect(given).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(taken.map(({ bytes: [byte] }) => byte)).toEqual(given);
    expect(taken.every(({ at }, index) => at >= (taken[index - 1]?.at ?? 0))).toBe(true);
  });

  test("reads to the end though nobody asks", async () => {
    const { stream, pulled } = body(100);
    const taken: Read[] = [];
    const ahead = readAhead(stream, (bytes) => taken.push(bytes));
    await until(() => pulled() === 100);
    expect(taken).toEqual([]);
    expect((await new Response(ahead).bytes()).length).toBe(100);
  });

  test("tells of an error when all before it has been taken", async () => {
    const error = new Error("broken");
    const { stream, pulled } = body(3, error);
    const reader = readAhead(stream, () => undefined).getReader();
    await until(() => pulled() === 3);
    for (const byte of [0, 1, 2]) expect((await reader.read()).value).toEqual(Uint8Array.of(byte));
    await expect(reader.read()).rejects.toBe(error);
  });

  test("leaves the body when it is left", async () => {
    const left: unknown[] = [];
    const endless = new ReadableStream<Uint8Array>({
      cancel: (reason) => {
        left.push(reason);
      },
    });
    await readAhead(endless, () => undefined).cancel("enough");
    expect(left).toEqual(["enough"]);
  });
});
