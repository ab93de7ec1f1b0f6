// A pass-through that reads along: bytes unchanged, backpressure kept, and the message told however it ends.
import { type Message, observe, observeIn, openaiChat } from "sluice/chat";
import { describe, expect, test, vi } from "vitest";
import { bytesOf, chunk, DONE, source, stop } from "./helpers.ts";

const hello = chunk({ content: "Hello" });

function observed(chunks: readonly (string | Uint8Array)[], end = {}, options = {}) {
  const messages: Message[] = [];
  const counted = source(chunks, end);
  const body = counted.stream.pipeThrough(observe({ onMessage: (message) => messages.push(message), ...options }));
  return { messages, counted, body };
}

test("the very chunks pass, and the message is told at the end", async () => {
  const chunks = [hello, stop() + DONE, ": bye\n\n"].map(bytesOf);
  const { body, messages } = observed(chunks);
  const out: Uint8Array[] = [];
  for await (const each of body) out.push(each);
  expect(out.map((each, index) => each === chunks[index])).toEqual([true, true, true]);
  expect(messages).toMatchObject([{ text: "Hello", outcome: "complete", via: "sentinel" }]);
});

test("bytes behind the sentinel, and bytes that are no stream, pass too", async () => {
  const junk = new Uint8Array([0, 255, 254, 1, 2, 3]);
  const { body, messages } = observed([junk, junk]);
  expect(new Uint8Array(await new Response(body).arrayBuffer())).toEqual(new Uint8Array([...junk, ...junk]));
  expect(messages.length).toBe(1);
  expect(messages[0]?.outcome).not.toBe("complete");
});

test("nothing is read before it is asked for, nor ahead", async () => {
  const { body, counted } = observed([hello, hello, hello, stop()]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(counted.pulls).toBeLessThanOrEqual(1);
  const reader = body.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(counted.pulls).toBeLessThanOrEqual(2);
  await reader.cancel();
});

test("the client leaves: aborted, with what came, and the source is cancelled once", async () => {
  const { body, messages, counted } = observed([hello, hello], { hangs: true });
  const reader = body.getReader();
  await reader.read();
  await reader.cancel("gone");
  await vi.waitFor(() => expect(counted.cancels).toEqual(["gone"]));
  expect(messages).toMatchObject([{ text: "Hello", outcome: "aborted", cause: "gone" }]);
});

test("the provider breaks: truncated, with the cause, and the client gets the error", async () => {
  const cause = new Error("reset");
  const { body, messages } = observed([hello], { fails: cause });
  const reader = body.getReader();
  await reader.read();
  await expect(reader.read()).rejects.toBe(cause);
  expect(messages).toMatchObject([{ text: "Hello", outcome: "truncated", cause }]);
});

test("a status that is an error is one", async () => {
  const { body, messages } = observed(
    ['{"error":{"message":"Slow down"}}'],
    {},
    { status: 429, contentType: "application/json" },
  );
  await new Response(body).text();
  expect(messages).toMatchObject([{ outcome: "error", errors: [{ message: "Slow down", status: 429 }] }]);
});

describe("a listener that throws", () => {
  test("does not disturb what passes", async () => {
    const thrown: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => thrown.push(error));
    const { body } = observed(
      [hello, stop() + DONE],
      {},
      {
        onDelta() {
          throw new Error("mine");
        },
      },
    );
    expect(await new Response(body).text()).toBe(hello + stop() + DONE);
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
    expect(thrown.length).toBeGreaterThan(0);
  });
});

test("observeIn knows only its dialects", async () => {
  const messages: Message[] = [];
  const body = source([hello, stop()]).stream.pipeThrough(
    observeIn(openaiChat)({ onMessage: (message) => messages.push(message) }),
  );
  await new Response(body).text();
  expect(messages).toMatchObject([{ outcome: "complete" }]);
});
