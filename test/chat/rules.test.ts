// "What a reader of all of them must do", rule by rule: the facts of the wire that break readers.
import { inlineThink } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { eventFrame, exceptionFrame } from "./aws.ts";
import { chunk, concat, DONE, deltasOf, endOf, event, messageOf, ofType, response, stop } from "./helpers.ts";

const usage = {
  prompt_tokens: 9,
  completion_tokens: 4,
  total_tokens: 13,
  completion_tokens_details: { reasoning_tokens: 2 },
};

describe("1. finish is not the end", () => {
  test("usage that follows a finish reason, with choices empty, arrives", async () => {
    const { usage: used, outcome } = await messageOf(
      chunk({ content: "a" }) + stop() + event({ choices: [], usage }) + DONE,
    );
    expect(used).toEqual({ input: 9, output: 4, total: 13, reasoning: 2, raw: usage });
    expect(outcome).toBe("complete");
  });

  test("an error that follows a finish reason makes the outcome error", async () => {
    const after = event({ error: { message: "late", code: 502 }, choices: [] });
    const message = await messageOf(chunk({ content: "a" }) + stop("length") + after + DONE);
    expect(message).toMatchObject({
      outcome: "error",
      finish: { reason: "length" },
      errors: [{ message: "late", code: 502, status: 502 }],
    });
  });

  test("text and a second finish chunk that follow a finish reason arrive", async () => {
    const deltas = await deltasOf(stop("stop") + chunk({ content: "more" }) + stop("tool_calls") + DONE);
    expect(deltas.map(({ type }) => type)).toEqual(["start", "finish", "text", "finish", "end"]);
  });

  test("usage is merged field by field, and zeros never overwrite", async () => {
    const zeroed = {
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
      prompt_tokens_details: { cached_tokens: 3 },
    };
    const { usage: used } = await messageOf(
      chunk({}) + stop("stop", { usage }) + stop("stop", { usage: zeroed }) + DONE,
    );
    expect(used).toEqual({ input: 9, output: 4, total: 13, reasoning: 2, cached: 3, raw: zeroed });
  });

  test("a zero that nothing contradicts is a zero", async () => {
    const { usage: used } = await messageOf(stop("stop", { usage: { prompt_tokens: 5, completion_tokens: 0 } }) + DONE);
    expect(used).toMatchObject({ input: 5, output: 0 });
  });
});

describe("2. without [DONE] only a terminal event or a finish reason makes it whole", () => {
  test("text and a clean end is truncated", async () => {
    expect(endOf(await deltasOf(chunk({ content: "Hello" })))).toEqual({ type: "end", outcome: "truncated" });
  });

  test("a finish reason and then the end of the body is whole", async () => {
    expect(endOf(await deltasOf(chunk({ content: "Hello" }) + stop()))).toMatchObject({
      outcome: "complete",
      via: "finish",
    });
  });

  test("a finish reason of one choice does not finish another", async () => {
    const other = chunk({ content: "b" }, {}, { index: 1 });
    expect(endOf(await deltasOf(chunk({ content: "a" }) + other + stop())).outcome).toBe("truncated");
  });

  test("[DONE] without any frame that is known proves nothing", async () => {
    expect(endOf(await deltasOf(`: hi\n\n${DONE}`)).outcome).toBe("truncated");
    expect(endOf(await deltasOf(event({ some: "thing" }) + DONE)).outcome).toBe("truncated");
  });

  test("Anthropic without message_stop is truncated, also behind its stop_reason, and [DONE] is not its proof", async () => {
    const begun = event({ type: "message_start", message: { id: "m" } }, "message_start");
    const finished = event({ type: "message_delta", delta: { stop_reason: "end_turn" } }, "message_delta");
    expect(endOf(await deltasOf(begun + finished)).outcome).toBe("truncated");
    expect(endOf(await deltasOf(begun + finished + DONE)).outcome).toBe("truncated");
    const stopped = event({ type: "message_stop" }, "message_stop");
    expect(endOf(await deltasOf(begun + finished + stopped))).toMatchObject({
      outcome: "complete",
      via: "terminal-event",
    });
  });

  test("Cohere's message-end is proof without [DONE]", async () => {
    const body =
      event({ type: "message-start", id: "c" }) + event({ type: "message-end", delta: { finish_reason: "COMPLETE" } });
    expect(endOf(await deltasOf(body))).toMatchObject({ outcome: "complete", via: "terminal-event" });
  });
});

describe("3. an error can stand in six places", () => {
  const text = chunk({ content: "Hel" });
  const error = { message: "Out of luck", code: "unlucky", type: "luck_error" };
  const expected = { message: "Out of luck", code: "unlucky" };

  test.for<[string, string | Uint8Array, object, string]>([
    ["event: error", text + event({ error }, "error"), expected, "text/event-stream"],
    ["event: error with text", text + event("Out of luck", "error"), { raw: "Out of luck" }, "text/event-stream"],
    ["data.error, an object", text + event({ error }) + DONE, expected, "text/event-stream"],
    ["data.error, a string", text + event({ error: "Out of luck" }), { message: "Out of luck" }, "text/event-stream"],
    ["an error beside choices", text + chunk({}, { error }) + DONE, expected, "text/event-stream"],
    ["an error in a choice", text + chunk({}, {}, { error }) + DONE, expected, "text/event-stream"],
    ["finish_reason: error", text + stop("error") + DONE, { raw: "error" }, "text/event-stream"],
    [
      "type: error, with its error",
      event({ type: "message_start", message: {} }) +
        event({ type: "error", error: { type: "overloaded_error", message: "Out of luck" } }, "error"),
      { message: "Out of luck", code: "overloaded_error" },
      "text/event-stream",
    ],
    [
      "type: error, flat",
      event({ type: "response.created", response: { id: "r" } }) + event({ type: "error", ...expected }),
      expected,
      "text/event-stream",
    ],
    [
      "response.failed",
      event({ type: "response.created", response: { id: "r" } }) +
        event({ type: "response.failed", response: { error, status: "failed" } }),
      expected,
      "text/event-stream",
    ],
    [
      "object: error",
      text + event({ object: "error", message: "Out of luck", code: 500 }),
      { message: "Out of luck", code: 500, status: 500 },
      "text/event-stream",
    ],
    ["the field error:, JSON", `${text}error: ${JSON.stringify({ error })}\n\n`, expected, "text/event-stream"],
    ["the field error:, text", `${text}error: Out of luck\n\n`, { message: "Out of luck" }, "text/event-stream"],
    [
      "the field error: at the very end",
      `${text}error: {"code":500,"message":"Out of luck"}`,
      { code: 500, message: "Out of luck" },
      "text/event-stream",
    ],
    ["a line of JSON outside data:", `${text}${JSON.stringify({ error })}\n`, expected, "text/event-stream"],
    [
      "JSON over several lines outside data:",
      `${text}${JSON.stringify({ error }, null, 2)}`,
      expected,
      "text/event-stream",
    ],
    [
      "a bare JSON body instead of events",
      JSON.stringify({ error: { code: 503, message: "Out of luck", status: "UNAVAILABLE" } }, null, 2),
      { message: "Out of luck", code: 503, status: 503 },
      "text/event-stream",
    ],
    [
      "an array with an error",
      JSON.stringify([{ error: { code: 429, message: "Out of luck" } }], null, 2),
      { message: "Out of luck", code: 429, status: 429 },
      "application/json",
    ],
    [
      "an array with an error, as an event stream",
      JSON.stringify([{ error: { code: 429, message: "Out of luck" } }], null, 2),
      { message: "Out of luck", code: 429 },
      "text/event-stream",
    ],
    [
      "an error line",
      `{"model":"m","response":"Hel","done":false}\n{"error":"Out of luck"}\n`,
      { message: "Out of luck" },
      "application/x-ndjson",
    ],
    [
      "an AWS exception frame",
      concat([eventFrame("messageStart", { role: "assistant" }), exceptionFrame("throttlingException", "Out of luck")]),
      { message: "Out of luck", code: "throttlingException" },
      "application/vnd.amazon.eventstream",
    ],
  ])("%s", async ([, body, delta, contentType]) => {
    const deltas = await deltasOf(response(typeof body === "string" ? body : new Uint8Array(body), contentType));
    expect(ofType(deltas, "error")[0]).toMatchObject(delta);
    expect(ofType(deltas, "error")[0]?.raw).not.toBe("");
    expect(endOf(deltas)).toMatchObject({ outcome: "error", cause: { type: "error" } });
  });

  test("what came before an error stays", async () => {
    expect(await messageOf(text + event({ error }, "error"))).toMatchObject({ text: "Hel", outcome: "error" });
  });

  test("the provider's error arrives as it was sent, with its type", async () => {
    const [delta] = ofType(await deltasOf(text + event({ error })), "error");
    expect(delta?.cause).toEqual(error);
  });

  test("error: null and empty ones are none", async () => {
    const { outcome } = await messageOf(chunk({ content: "a" }, { error: null }) + stop("stop", { error: "" }) + DONE);
    expect(outcome).toBe("complete");
  });
});

describe("4. the JSON's type routes, and the event's name where there is none", () => {
  test("types without event lines", async () => {
    const body =
      event({ type: "response.output_text.delta", delta: "Hi" }) +
      event({ type: "response.completed", response: { status: "completed" } });
    expect(await messageOf(body)).toMatchObject({ text: "Hi", outcome: "complete" });
  });

  test("event names without types", async () => {
    const body =
      event({ delta: "Hi" }, "response.output_text.delta") +
      event({ response: { status: "completed" } }, "response.completed");
    expect(await messageOf(body)).toMatchObject({ text: "Hi", outcome: "complete" });
    const anthropic =
      event({ message: { id: "m" } }, "message_start") +
      event({ index: 0, delta: { type: "text_delta", text: "Ho" } }, "content_block_delta") +
      event({}, "message_stop");
    expect(await messageOf(anthropic)).toMatchObject({ text: "Ho", outcome: "complete" });
  });

  test("a name that says something else loses against the type", async () => {
    const body =
      event({ type: "message_start", message: { id: "m" } }, "message") + event({ type: "message_stop" }, "message");
    expect(await messageOf(body)).toMatchObject({ id: "m", outcome: "complete" });
  });
});

describe("5. tool calls are told apart by index, else id, else a counter", () => {
  const calls = async (...parts: object[]): Promise<unknown[]> => {
    const body = parts.map((part) => chunk({ tool_calls: [part] })).join("") + stop("tool_calls") + DONE;
    return (await messageOf(body)).toolCalls;
  };

  test("by index, interleaved", async () => {
    expect(
      await calls(
        { index: 0, id: "a", function: { name: "f", arguments: "" } },
        { index: 1, id: "b", function: { name: "g", arguments: '{"y":' } },
        { index: 0, function: { arguments: '{"x":1}' } },
        { index: 1, function: { arguments: "2}" } },
      ),
    ).toEqual([
      { key: "0", id: "a", name: "f", arguments: '{"x":1}', input: { x: 1 } },
      { key: "1", id: "b", name: "g", arguments: '{"y":2}', input: { y: 2 } },
    ]);
  });

  test("a new id on the same index is a new call", async () => {
    expect(
      await calls(
        { index: 0, id: "a", function: { name: "f", arguments: "{}" } },
        { index: 0, id: "b", function: { name: "f", arguments: '{"x"' } },
        { index: 0, function: { arguments: ":1}" } },
      ),
    ).toMatchObject([
      { key: "0", id: "a", input: {} },
      { key: "b", id: "b", input: { x: 1 } },
    ]);
  });

  test("the same id on each part is one call", async () => {
    expect(
      await calls(
        { index: 0, id: "a", function: { name: "f", arguments: "{" } },
        { index: 0, id: "a", function: { arguments: "}" } },
      ),
    ).toMatchObject([{ key: "0", id: "a", name: "f", input: {} }]);
  });

  test("an empty name or id goes on with the call", async () => {
    expect(
      await calls(
        { index: 0, id: "a", function: { name: "f", arguments: "{" } },
        { index: 0, id: "", function: { name: "", arguments: "}" } },
        { id: "", function: { name: "", arguments: " " } },
      ),
    ).toEqual([{ key: "0", id: "a", name: "f", arguments: "{} ", input: {} }]);
  });

  test("without an index by id", async () => {
    expect(
      await calls(
        { id: "a", function: { name: "f", arguments: "{}" } },
        { id: "b", function: { name: "g", arguments: "{}" } },
      ),
    ).toMatchObject([{ key: "a" }, { key: "b" }]);
  });

  test("without either by a counter, each name beginning a call", async () => {
    expect(
      await calls(
        { function: { name: "f", arguments: "{" } },
        { function: { arguments: "}" } },
        { function: { name: "f", arguments: "{}" } },
      ),
    ).toMatchObject([
      { key: "0", input: {} },
      { key: "1", input: {} },
    ]);
  });

  test("arguments come as text, whole or in parts, or as a value", async () => {
    expect(await calls({ index: 0, function: { name: "f", arguments: { x: [1] } } })).toMatchObject([
      { arguments: '{"x":[1]}', input: { x: [1] } },
    ]);
    expect(await calls({ index: 0, function: { name: "f", arguments: null } })).toMatchObject([
      { arguments: "", input: {} },
    ]);
  });

  test("arguments that are not whole have no input, and nothing is repaired", async () => {
    const body = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "rm", arguments: '{"path":"/tmp' } }] });
    const { toolCalls, outcome } = await messageOf(body);
    expect(outcome).toBe("truncated");
    expect(toolCalls).toEqual([{ key: "0", id: "a", name: "rm", arguments: '{"path":"/tmp' }]);
  });

  test("a call cut off before its arguments has no input", async () => {
    const body = chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "rm", arguments: "" } }] });
    expect((await messageOf(body)).toolCalls).toEqual([{ key: "0", id: "a", name: "rm", arguments: "" }]);
  });

  test("the calls of different choices do not mix", async () => {
    const part = (arguments_: string): object => ({
      tool_calls: [{ index: 0, function: { name: "f", arguments: arguments_ } }],
    });
    const body =
      chunk(part("1")) +
      chunk(part("2"), {}, { index: 1 }) +
      stop() +
      chunk({}, {}, { index: 1, finish_reason: "stop" });
    expect((await messageOf(body)).choices).toMatchObject([
      { toolCalls: [{ input: 1 }] },
      { toolCalls: [{ input: 2 }] },
    ]);
  });
});

describe("6. what may be absent is absent", () => {
  test.for<[string, string]>([
    ["content: null", chunk({ content: null })],
    ["content: an empty string", chunk({ content: "" })],
    ["no delta", chunk(undefined, {}, { content_filter_results: {} })],
    ["delta: null", event({ choices: [{ index: 0, delta: null }] })],
    ["a choice that is null", event({ choices: [null] })],
    ["no index", event({ choices: [{ delta: { content: "" } }] })],
    ["choices empty", event({ choices: [], prompt_filter_results: [{}], id: "", model: "" })],
    ["tool_calls: null", chunk({ tool_calls: null })],
    ["usage: null", chunk({}, { usage: null })],
  ])("%s", async ([, part]) => {
    const deltas = await deltasOf(part + chunk({ content: "ok" }) + stop() + DONE);
    expect(deltas.map(({ type }) => type)).toEqual(["start", "text", "finish", "end"]);
    expect(endOf(deltas).outcome).toBe("complete");
  });

  test("content as a list of parts: text, thinking, and what has no delta", async () => {
    const image = { type: "image_url", image_url: { url: "data:," } };
    const content = [
      { type: "thinking", thinking: [{ type: "text", text: "Hm" }] },
      { type: "text", text: "Yes" },
      image,
    ];
    expect(await messageOf(chunk({ content }) + stop() + DONE)).toMatchObject({
      reasoning: "Hm",
      text: "Yes",
      unknown: [image],
    });
  });

  test("a shape that nobody expects costs its frame, not the answer", async () => {
    const message = await messageOf(
      chunk({ content: "a" }) +
        event({ choices: [5, "x", [], {}] }) +
        event({ choices: [{ delta: 7 }] }) +
        stop() +
        DONE,
    );
    expect(message).toMatchObject({ text: "a", outcome: "complete" });
  });
});

describe("7. reasoning has many names", () => {
  test.for<[string, object, string]>([
    ["reasoning_content", { reasoning_content: "Hm", content: null }, "Hm"],
    ["reasoning", { reasoning: "Hm", content: "" }, "Hm"],
    ["reasoning_details alone", { reasoning_details: [{ type: "reasoning.text", text: "Hm" }] }, "Hm"],
    [
      "reasoning and the same in reasoning_details",
      { reasoning: "Hm", reasoning_details: [{ type: "reasoning.text", text: "Hm" }] },
      "Hm",
    ],
    ["both reasoning and reasoning_content", { reasoning: "Hm", reasoning_content: "Hm" }, "Hm"],
  ])("%s", async ([, delta, reasoning]) => {
    expect(await messageOf(chunk(delta) + chunk({ content: "x" }) + stop())).toMatchObject({
      reasoning,
      text: "x",
      unknown: [],
    });
  });

  test("inline <think> is text unless asked for", async () => {
    const body = chunk({ content: "<think>Hm</think>\n\nYes" }) + stop() + DONE;
    expect(await messageOf(body)).toMatchObject({ text: "<think>Hm</think>\n\nYes", reasoning: "" });
    expect(await messageOf(body, { think: inlineThink })).toMatchObject({ text: "Yes", reasoning: "Hm" });
  });

  test("inline <think> may be cut anywhere", async () => {
    const whole = "<think>a < b </thin k> c</think>\n\nYes <think> no";
    for (let first = 0; first < whole.length; first++) {
      for (const second of [first, first + 1, first + 5]) {
        const parts = [whole.slice(0, first), whole.slice(first, second), whole.slice(second)];
        const body = parts.map((content) => chunk({ content })).join("") + stop() + DONE;
        const { text, reasoning } = await messageOf(body, { think: inlineThink });
        expect([text, reasoning]).toEqual(["Yes <think> no", "a < b </thin k> c"]);
      }
    }
  });

  test("what throws in place of inlineThink is an error, not thrown", async () => {
    const fails = (): never => {
      throw new Error("no");
    };
    const body = chunk({ content: "a" }) + chunk({ reasoning: "b" }) + stop() + DONE;
    for (const part of [{ push: fails }, { flush: fails }]) {
      const think = () => ({ push: () => undefined, flush: () => undefined, ...part });
      const message = await messageOf(body, { think });
      expect(message).toMatchObject({ outcome: "error", reasoning: "b" });
      expect(message.errors[0]?.message).toContain("no");
    }
  });

  test("what it throws at the body's end is said of it, and is an error with a finish reason and without", async () => {
    const think = () => {
      let held = "";
      return {
        push: (text: string) => {
          held = text;
        },
        flush: () => {
          if (held === "late") throw new Error("no");
        },
      };
    };
    const late = chunk({ content: "late" });
    for (const body of [chunk({ content: "a" }) + stop() + late, late]) {
      const { outcome, errors } = await messageOf(body, { think });
      expect([outcome, errors.map(({ message }) => message)]).toEqual([
        "error",
        ["What think held back cannot be read: Error: no"],
      ]);
    }
  });

  test("an unfinished tag is not lost", async () => {
    expect(await messageOf(chunk({ content: "<thi" }), { think: inlineThink })).toMatchObject({ text: "<thi" });
    expect(await messageOf(chunk({ content: "<think>a</th" }), { think: inlineThink })).toMatchObject({
      text: "",
      reasoning: "a</th",
    });
  });
});

describe("8. empty data is skipped, and a bad event is a typed error with its text", () => {
  test("empty events and comments", async () => {
    const deltas = await deltasOf(`data:\n\n: ping\n\ndata: \n\n${chunk({ content: "a" })}data:  \n\n${stop()}${DONE}`);
    expect(deltas.map(({ type }) => type)).toEqual(["start", "text", "finish", "end"]);
  });

  test("a malformed event is an error delta, reading goes on, and the outcome is at best error", async () => {
    const message = await messageOf(
      `${chunk({ content: "a" })}data: {"choices": oops}\n\n${chunk({ content: "b" })}${stop()}${DONE}`,
    );
    expect(message).toMatchObject({
      text: "ab",
      outcome: "error",
      errors: [{ code: "malformed", raw: '{"choices": oops}' }],
    });
    expect(message.errors[0]?.offset).toBeGreaterThan(0);
  });

  test("a malformed event and no proof is truncated", async () => {
    expect((await messageOf(`${chunk({ content: "a" })}data: oops\n\n`)).outcome).toBe("truncated");
  });

  test("a value over several events, and several values in one, are read", async () => {
    const one = JSON.stringify({ choices: [{ index: 0, delta: { content: "a b" } }] });
    const split = `${event(one.slice(0, 30))}${event(one.slice(30))}`;
    expect(await messageOf(split + event(one + one) + stop() + DONE)).toMatchObject({
      text: "a ba ba b",
      outcome: "complete",
    });
  });

  test("raw control characters inside strings are data", async () => {
    const body = `data: {"choices":[{"index":0,"delta":{"content":"a\tb"}}]}\n\n${stop()}${DONE}`;
    expect(await messageOf(body)).toMatchObject({ text: "a\tb", outcome: "complete" });
  });
});

describe("9. the last event may lack its blank line", () => {
  test("a finish reason without its blank line counts", async () => {
    expect((await messageOf(chunk({ content: "a" }) + stop().trimEnd())).outcome).toBe("complete");
  });

  test("[DONE] without its line end counts", async () => {
    expect(endOf(await deltasOf(`${chunk({ content: "a" })}data: [DONE]`))).toMatchObject({
      outcome: "complete",
      via: "sentinel",
    });
  });

  test("an event that the end cut off is said, and the answer truncated, also behind a finish reason", async () => {
    const message = await messageOf(chunk({ content: "a" }) + stop() + chunk({ content: "b" }).slice(0, 40));
    expect(message).toMatchObject({ outcome: "truncated", text: "a", errors: [{ code: "truncated" }] });
    expect((await messageOf(`${chunk({ content: "a" })}${stop()}da`)).outcome).toBe("truncated");
  });
});

describe("10. lengths are bounded, configurably", () => {
  test("a line of 9 MiB passes by default", async () => {
    const content = "x".repeat(9 * 1024 * 1024);
    const message = await messageOf(chunk({ content }) + stop() + DONE);
    expect(message.text.length).toBe(content.length);
  });

  test("a longer one than maxLength ends the answer with an error that says so", async () => {
    const message = await messageOf(chunk({ content: "x".repeat(2000) }) + stop() + DONE, { maxLength: 1000 });
    expect(message).toMatchObject({ outcome: "error", errors: [{ code: "too-long" }] });
  });
});

describe("11. U+2028 and U+2029 are no line ends", () => {
  test.for(["text/event-stream", "application/x-ndjson"])("%s", async (type) => {
    const content = "a\u2028b\u2029c";
    const body =
      type === "text/event-stream"
        ? chunk({ content }) + stop() + DONE
        : `${JSON.stringify({ message: { content }, done: false })}\n${JSON.stringify({ done: true })}\n`;
    expect(await messageOf(response(body, type))).toMatchObject({ text: content, outcome: "complete" });
  });
});

describe("what is said twice is read once, and what has no delta is not lost", () => {
  test("text doubled in choices[].text is ignored beside a delta, and read without one", async () => {
    const body = chunk({ content: "a" }, {}, { text: "a" }) + chunk(undefined, {}, { text: "b" }) + stop() + DONE;
    expect((await messageOf(body)).text).toBe("ab");
  });

  test("chunks that call themselves chat.completion are chunks all the same", async () => {
    const more = { object: "chat.completion" };
    expect(await messageOf(chunk({ content: "a" }, more) + stop("stop", more))).toMatchObject({
      text: "a",
      outcome: "complete",
    });
  });

  test("finish reasons that are numbers, known or not", async () => {
    const of = (finishReason: number) => event({ candidates: [{ content: { parts: [{ text: "a" }] }, finishReason }] });
    expect((await messageOf(of(2))).finish).toEqual({ reason: "length", raw: "MAX_TOKENS" });
    expect(await messageOf(of(77))).toMatchObject({ finish: { reason: "other", raw: "77" }, outcome: "complete" });
  });

  test("the cumulative message is ignored", async () => {
    const so = (content: string, all: string): string => chunk({ content }, {}, { message: { content: all } });
    expect((await messageOf(so("a", "a") + so("b", "ab") + stop() + DONE)).text).toBe("ab");
  });

  test("citations that every chunk repeats arrive once", async () => {
    const more = { citations: ["https://example.org/a", "https://example.org/b"] };
    const { citations } = await messageOf(
      chunk({ content: "a" }, more) + chunk({ content: "b" }, more) + stop("stop", more),
    );
    expect(citations).toEqual(more.citations);
  });

  test("annotations are citations; logprobs and refusals arrive", async () => {
    const annotation = { type: "url_citation", url_citation: { url: "https://example.org" } };
    const logprobs = { content: [{ token: "a", logprob: -0.1 }] };
    const body =
      chunk({ content: "a", annotations: [annotation] }, {}, { logprobs }) + chunk({ refusal: "No" }) + stop() + DONE;
    expect(await messageOf(body)).toMatchObject({ citations: [annotation], logprobs: [logprobs], refusal: "No" });
  });

  test("audio and images arrive as unknown", async () => {
    const audio = { id: "a", data: "AAAA" };
    const images = [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }];
    expect((await messageOf(chunk({ audio }) + chunk({ images }) + stop() + DONE)).unknown).toEqual([
      { audio },
      { images },
    ]);
  });

  test("a frame that the dialect does not know arrives as unknown", async () => {
    expect((await messageOf(chunk({ content: "a" }) + event({ odd: 1 }) + stop() + DONE)).unknown).toEqual([
      { odd: 1 },
    ]);
  });

  test("usage in x_groq is usage", async () => {
    const { usage: used } = await messageOf(
      stop("stop", { x_groq: { id: "r", usage: { prompt_tokens: 3, completion_tokens: 2 } } }) + DONE,
    );
    expect(used).toMatchObject({ input: 3, output: 2 });
  });
});
