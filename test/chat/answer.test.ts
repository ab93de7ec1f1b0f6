import { flow } from "sluice";
import { describe, expect, test } from "vitest";
import type { Delta } from "../../edge-examples/chat/notes.ts";
import { readAnswer } from "../../edge-examples/chat/worker/answer.ts";
import { Broken, untilBroken } from "../../edge-examples/chat/worker/broken.ts";
import { collect } from "./support.ts";

const HELLO = 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n';
const STOP = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
const DONE = "data: [DONE]\n\n";
const ERROR = 'data: {"error":{"message":"overloaded","code":503}}\n\n';

function read(...chunks: (string | Broken)[]): Promise<Delta[]> {
  const encoder = new TextEncoder();
  const source = chunks.map((chunk) => (typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  return collect(flow(source, readAnswer()));
}

describe("the verdict", () => {
  test.each<[string, (string | Broken)[], Partial<Delta>]>([
    ["[DONE] proves it", [HELLO, STOP, DONE], { outcome: "complete", via: "sentinel" }],
    ["[DONE] without a finish reason, too", [HELLO, DONE], { outcome: "complete", via: "sentinel" }],
    ["[DONE] without its line end, too", [HELLO, "data: [DONE]"], { outcome: "complete", via: "sentinel" }],
    ["a finish reason and then the end proves it", [HELLO, STOP], { outcome: "complete", via: "finish" }],
    [
      "a finish reason and a broken connection don't",
      [HELLO, STOP, new Broken("x")],
      { outcome: "truncated", cause: "the connection broke" },
    ],
    ["an end without proof is truncated", [HELLO], { outcome: "truncated" }],
    ["so is nothing at all", [], { outcome: "truncated" }],
    ["so is [DONE] alone", [DONE], { outcome: "truncated" }],
    ["so is [DONE] after frames of something else", ['data: {"a":1}\n\n', DONE], { outcome: "truncated" }],
    ["so is an event that the end cut off", [HELLO, 'data: {"choices":[{"de'], { outcome: "truncated" }],
    ["also behind a finish reason", [HELLO, STOP, 'data: {"usa'], { outcome: "truncated" }],
    ["also before [DONE]", [HELLO, 'data: {"choices":[{"de\n\n', DONE], { outcome: "truncated" }],
    ["the provider's error is an error", [HELLO, ERROR], { outcome: "error" }],
    ["also before [DONE]", [HELLO, STOP, ERROR, DONE], { outcome: "error" }],
    [
      "a malformed event in the middle is an error",
      [HELLO, "data: {nope}\n\n", HELLO, DONE],
      { outcome: "error", via: "sentinel" },
    ],
    ["and without proof it is still truncated", [HELLO, "data: {nope}\n\n", HELLO], { outcome: "truncated" }],
  ])("%s", async (_, chunks, expected) => {
    const deltas = await read(...chunks);
    expect(deltas.at(-1)).toMatchObject({ type: "end", ...expected });
    expect(deltas.filter(({ type }) => type === "end")).toHaveLength(1);
  });

  test("nothing behind [DONE] counts, wherever the cuts are", async () => {
    const stream = HELLO + DONE + ERROR;
    const expected = [
      { type: "text", text: "Hello" },
      { type: "end", outcome: "complete", via: "sentinel" },
    ];
    for (let at = 0; at <= stream.length; at++) {
      expect(await read(stream.slice(0, at), stream.slice(at))).toEqual(expected);
    }
  });

  test("the source is cancelled at [DONE]", async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(HELLO + DONE)),
      cancel() {
        isCancelled = true;
      },
    });
    await collect(flow(untilBroken(body), readAnswer()));
    expect(isCancelled).toBe(true);
  });
});

describe("the deltas", () => {
  test("text, reasoning under both names, the finish reason", async () => {
    const deltas = await read(
      'data: {"choices":[{"delta":{"role":"assistant","content":"","reasoning":"Hm"}}]}\n\n',
      'data: {"choices":[{"delta":{"content":null,"reasoning_content":"!"}}]}\n\n',
      'data: {"choices":[]}\n\ndata: {"choices":[{"index":0}]}\n\n',
      HELLO,
      'data: {"choices":[{"delta":{"content":" you"},"finish_reason":"length"}]}\n\n',
    );
    expect(deltas).toEqual([
      { type: "reasoning", text: "Hm" },
      { type: "reasoning", text: "!" },
      { type: "text", text: "Hello" },
      { type: "text", text: " you" },
      { type: "finish", reason: "length" },
      { type: "end", outcome: "complete", via: "finish" },
    ]);
  });

  test("errors say what the provider said", async () => {
    expect((await read(ERROR))[0]).toMatchObject({ type: "error", message: "overloaded", code: "503" });
    expect((await read('data: {"error":"just words"}\n\n'))[0]).toMatchObject({ type: "error", message: "just words" });
    expect((await read('data: {"error":{}}\n\n'))[0]).toMatchObject({ message: /without a message/ });
  });

  test("a malformed event is reported with its raw text, and what follows is read", async () => {
    const deltas = await read('data: {"a":<html>}\n\n', HELLO, DONE);
    expect(deltas[0]).toMatchObject({ type: "error", code: "malformed", raw: '{"a":<html>}' });
    expect(deltas[1]).toEqual({ type: "text", text: "Hello" });
  });

  test("raw control characters inside strings are data", async () => {
    expect((await read('data: {"choices":[{"delta":{"content":"a\tb\u0001"}}]}\n\n'))[0]).toMatchObject({
      text: "a\tb\u0001",
    });
  });
});

describe("a broken connection", () => {
  test("becomes a last value; what came before it is kept", async () => {
    let reads = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (reads++ === 0) controller.enqueue(new TextEncoder().encode(HELLO));
          else controller.error(new Error("reset"));
        },
      },
      { highWaterMark: 0 },
    );
    expect(await collect(flow(untilBroken(body), readAnswer()))).toEqual([
      { type: "text", text: "Hello" },
      { type: "end", outcome: "truncated", cause: "the connection broke" },
    ]);
  });
});
