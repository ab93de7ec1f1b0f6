// Framings: the AWS frames' checksums, the bare array, and which framing a body has.
import { chat, type Dialect, type Framing, ollama, openaiChat } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { container } from "../../src/chat/framing/json.ts";
import { countWork } from "../support/work.ts";
import { eventFrame, frame } from "./aws.ts";
import { chunk, concat, cut, DONE, deltasOf, endOf, messageOf, ofType, response, stop } from "./helpers.ts";
import { bedrock } from "./transcripts.ts";

describe("AWS event streams", () => {
  const text = (text: string) => eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });
  const stopped = eventFrame("messageStop", { stopReason: "end_turn" });

  test("a wrong checksum of a frame is said, the frame skipped, and reading goes on", async () => {
    const bad = text("lost");
    bad.set([(bad.at(-6) ?? 0) ^ 1], bad.length - 6);
    for (const size of [1, 13, 10_000]) {
      const message = await messageOf(cut(concat([text("a"), bad, text("b"), stopped]), size));
      expect(message).toMatchObject({
        text: "ab",
        outcome: "error",
        errors: [{ code: "malformed", offset: text("a").length }],
      });
    }
  });

  test("a wrong checksum of a prelude is said, and nothing behind it is believed", async () => {
    const bad = text("lost");
    bad.set([1], 1);
    const message = await messageOf([concat([text("a"), bad, text("b"), stopped])]);
    expect(message).toMatchObject({ text: "a", outcome: "truncated", errors: [{ code: "malformed" }] });
  });

  test("a frame that the end cut off", async () => {
    const body = concat([text("a"), stopped]);
    expect(await messageOf([body.subarray(0, -1)])).toMatchObject({
      text: "a",
      outcome: "truncated",
      errors: [{ code: "truncated" }],
    });
  });

  test("headers of every type are stepped over", async () => {
    const body = frame(
      { ":event-type": "messageStop", ":message-type": "event", "x-other": "y" },
      { stopReason: "end_turn" },
    );
    expect((await messageOf([concat([text("a"), body])])).outcome).toBe("complete");
  });

  test("an error frame with its code and message in headers", async () => {
    const error = frame(
      { ":message-type": "error", ":error-code": "InternalError", ":error-message": "Out of luck" },
      "{}",
    );
    expect(await messageOf([concat([text("a"), error])])).toMatchObject({
      outcome: "error",
      errors: [{ code: "InternalError", message: "Out of luck" }],
    });
  });

  test("text instead of bytes is an error", async () => {
    const deltas = await deltasOf(["\0\0\0"]);
    expect(endOf(deltas).outcome).toBe("error");
  });
});

describe("bare arrays", () => {
  const item = '{"candidates":[{"content":{"parts":[{"text":"a]}\\""}]},"finishReason":"STOP"}]}';

  test.for<[string, string, string]>([
    ["one element", `[${item}]`, "complete"],
    ["white space everywhere", ` [ ${item}\r\n,\r\n${item} ] \n`, "complete"],
    ["an empty array", "[]", "truncated"],
    ["no end", `[${item}`, "truncated"],
    ["no end behind a comma", `[${item},`, "truncated"],
    ["two values without a comma", `[${item}${item}]`, "error"],
    ["a scalar for an element", `[${item},5,${item}]`, "error"],
    ["an element that is malformed", `[${item},{"candidates": nope},${item}]`, "error"],
    ["an element that nests too deep", `[${item},${"[".repeat(2000)}`, "error"],
  ])("%s", async ([, body, outcome]) => {
    for (const size of [1, 2, 1000]) {
      const message = await messageOf(cut(new TextEncoder().encode(body), size));
      expect([message.outcome, size], JSON.stringify(message)).toEqual([outcome, size]);
    }
  });

  test("an element that is malformed is said, and reading goes on behind it", async () => {
    expect(await messageOf(`[${item},{"candidates": nope},${item}]`)).toMatchObject({
      text: 'a]}"a]}"',
      outcome: "error",
      errors: [{ code: "malformed", raw: '{"candidates": nope}', offset: item.length + 2 }],
    });
  });
});

describe("JSON in frames", () => {
  const hello = JSON.stringify({ choices: [{ index: 0, delta: { content: "Hello" } }] });
  const data = (text: string): string => `data: ${text}\n\n`;

  test("an event that is whole by itself is no part of one that was cut off, which is said", async () => {
    for (const length of [1, 12, 41, hello.length - 1]) {
      const cutOff = hello.slice(0, length);
      expect(await deltasOf(data(cutOff) + data(hello) + stop() + DONE), cutOff).toMatchObject([
        { type: "error", code: "truncated", raw: cutOff, offset: 0 },
        { type: "start" },
        { type: "text", text: "Hello" },
        { type: "finish" },
        { type: "end", outcome: "error" },
      ]);
    }
  });

  test("a value may be cut over events anywhere, also behind a backslash", async () => {
    const value = JSON.stringify({ choices: [{ index: 0, delta: { content: 'a "}]" \\ b' } }] });
    for (let at = 1; at < value.length; at++) {
      const message = await messageOf(data(value.slice(0, at)) + data(value.slice(at)) + stop() + DONE);
      // Where white space begins an event's data, one space is the standard's.
      if (value[at] !== " ") expect(message, value.slice(0, at)).toMatchObject({ text: 'a "}]" \\ b', errors: [] });
    }
  });

  test("a value of many events that never ends, and one that nests too deep, are errors, and reading goes on", async () => {
    const endless = data('["') + data("x".repeat(300)).repeat(4);
    expect(await messageOf(endless + data(hello) + stop() + DONE, { maxLength: 1000 })).toMatchObject({
      text: "Hello",
      outcome: "error",
      errors: [{ code: "too-long" }],
    });
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(await messageOf(data(deep) + data(hello) + stop() + DONE)).toMatchObject({
      text: "Hello",
      outcome: "error",
      errors: [{ code: "too-deep", offset: 0 }],
    });
  });

  test("characters of several bytes are whole however they are cut, and stay where they stand", async () => {
    const text = "\ufeffé€😀\ufeff";
    const content = JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] });
    const bytes = new TextEncoder().encode(`\ufeff${data(content)}${stop()}${DONE}`);
    for (const size of [1, 2, 3, 5, 7, 1000]) expect((await messageOf(cut(bytes, size))).text, `by ${size}`).toBe(text);
  });

  test("control characters alone are no data, and inside strings they are", async () => {
    const body = data("\u0000") + data('{"choices":[{"index":0,"delta":{"content":"a\u0001\tb"}}]}') + stop() + DONE;
    expect(await messageOf(body)).toMatchObject({ text: "a\u0001\tb", outcome: "complete", errors: [] });
  });
});

test("brackets in a string are text, and not looked at one by one", () => {
  const [words, brackets] = ["word", "[]{}"].map(
    (text) => countWork(() => container(0, Infinity).read(`{"a":"${text.repeat(1000)}"}`, 0)).total,
  );
  expect(brackets).toBe(words);
});

describe("lines outside of events", () => {
  const hello = chunk({ content: "Hello" });

  test("a sentinel there proves nothing, whatever is incomplete before it", async () => {
    for (const before of ["", 'data: {"choices":[\n\n', `${chunk({ content: "lost" }).trimEnd()}\n`]) {
      const { outcome, errors } = await messageOf(`${hello}${before}[DONE]\n`);
      expect(outcome, before).toBe("truncated");
      expect(errors).toContainEqual(expect.objectContaining({ raw: "[DONE]" }));
    }
  });

  test("a value there that an event cuts off is an error, so that no sentinel makes the answer whole", async () => {
    for (const next of ["", hello]) {
      const { outcome, errors } = await messageOf(`${hello}{"error":{"message":"Out of\n${next}${DONE}`);
      expect(outcome).toBe("error");
      expect(errors).toMatchObject([{ code: "truncated", raw: '{"error":{"message":"Out of\n' }]);
    }
  });
});

describe("which framing", () => {
  const events = chunk({ content: "a" }) + stop() + DONE;
  const lines = '{"response":"a","done":false}\n{"done":true}\n';

  test.for<[string, string, string]>([
    ["events as text/event-stream", events, "text/event-stream;charset=UTF-8"],
    ["events as text/plain", events, "text/plain"],
    ["events as application/json", events, "application/json"],
    ["events without a type", events, ""],
    ["lines as application/json", lines, "application/json"],
    ["lines as text/plain", lines, "text/plain"],
    ["lines as text/event-stream", lines, "text/event-stream"],
    ["blank lines and a byte order mark first", `\ufeff\n\n${events}`, "text/event-stream"],
    ["CRLF", events.replaceAll("\n", "\r\n"), "text/event-stream"],
    ["CR", events.replaceAll("\n", "\r"), "text/event-stream"],
  ])("%s", async ([, body, type]) => {
    for (const size of [1, 3, 1000]) {
      const chunks = cut(new TextEncoder().encode(body), size);
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const each of chunks) controller.enqueue(each);
          controller.close();
        },
      });
      expect(await messageOf(new Response(stream, { headers: { "content-type": type } }))).toMatchObject({
        text: "a",
        outcome: "complete",
        errors: [],
      });
    }
  });

  test("a chosen dialect reads its own framing whatever the body is called", async () => {
    expect((await messageOf(response(lines, "text/plain"), { dialect: ollama })).outcome).toBe("complete");
    expect((await messageOf(response(events, "application/json"), { dialect: openaiChat })).outcome).toBe("complete");
  });

  test("a chosen dialect takes no other's frames for its own", async () => {
    const message = await messageOf(response(lines, "application/x-ndjson"), { dialect: openaiChat });
    expect(message.outcome).not.toBe("complete");
    expect(message.unknown.length).toBe(2);
  });

  test("strings, buffers and iterables are sources as for flow", async () => {
    const bytes = new TextEncoder().encode(events);
    for (const each of [events, bytes, bytes.buffer, [events], [bytes, new Uint8Array()], new Response(events)]) {
      expect((await messageOf(each)).outcome).toBe("complete");
    }
    expect((await chat(Promise.resolve(concat(bedrock.frames))).message()).outcome).toBe("complete");
    expect(ofType(await deltasOf(events), "text")).toEqual([{ type: "text", text: "a", choice: 0 }]);
  });
});

describe("white space in front of a body", () => {
  const blank = "\ufeff\n \t\r\n\u2028  ";
  const bodies: [string, string | Uint8Array][] = [
    ["events", chunk({ content: "a" }) + stop() + DONE],
    ["lines", '{"response":"a","done":false}\n{"done":true}\n'],
    ["a bare array", '[{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}]'],
    [
      "AWS frames",
      concat([
        eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "a" } }),
        eventFrame("messageStop", { stopReason: "end_turn" }),
      ]),
    ],
  ];

  test.for(bodies)("says nothing, however it is cut: %s", async ([, body]) => {
    const bytes = concat([blank, body]);
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(await messageOf(cut(bytes, size)), `by ${size}`).toMatchObject({
        text: "a",
        outcome: "complete",
        errors: [],
      });
    }
  });

  test("is not kept: however much comes, a framing gets none of it", async () => {
    const got: string[] = [];
    const framing: Framing = {
      name: "counted",
      type: /counted/,
      begins: () => true,
      connect: (out) => ({
        push(text) {
          got.push(text);
          out.push(text, "", text);
        },
        end: () => undefined,
      }),
    };
    const dialect: Dialect = {
      name: "counted",
      framings: [framing],
      proof: ["finish"],
      knows: () => true,
      read: (out) => ({ push: ({ value }) => out.text(value) }),
    };
    const chunks = [...Array.from({ length: 10_000 }, () => blank), `${blank}a `, blank];
    expect((await messageOf(chunks, { dialect })).text).toBe(`a ${blank}`);
    expect(
      (
        await messageOf(
          chunks.map((each) => new TextEncoder().encode(each)),
          { dialect },
        )
      ).text,
    ).toBe(`a ${blank}`);
    expect(got).toEqual(["a ", blank, "a ", blank]);
  });

  test("alone is an empty body", async () => {
    expect(await deltasOf(cut(concat([blank, blank]), 1))).toEqual([{ type: "end", outcome: "truncated" }]);
  });
});
