// What uiMessageStream sends, judged by the ai package: its schema, and its chat over real HTTP. And the other way round: what
// the ai package sends, read by our chat.
import {
  AbstractChat,
  type ChatState,
  type ChatStatus,
  createUIMessageStreamResponse,
  DefaultChatTransport,
  lastAssistantMessageIsCompleteWithToolCalls,
  parseJsonEventStream,
  streamText,
  toUIMessageStream,
  type UIMessage,
  type UIMessageChunk,
  uiMessageChunkSchema,
} from "ai";
import { MockLanguageModelV4, simulateReadableStream } from "ai/test";
import fc from "fast-check";
import { chat, chatIn, type Message, uiMessages } from "sluice/chat";
import { uiMessageResponse, uiMessageStream } from "sluice/serve";
import { describe, expect, test, vi } from "vitest";
import { chunk, concat, cut, DONE, event, stop } from "../chat/helpers.ts";
import { type Transcript, transcripts } from "../chat/transcripts.ts";
import { countedStream } from "../support/sources.ts";
import { listen } from "./http.ts";
import { eventsOf, PATIENCE } from "./support.ts";

/** Reads what has been sent, as a page does that knows its server. */
const read = chatIn(uiMessages);

const answerOf = ({ frames, contentType, options }: Transcript, count = frames.length): ReturnType<typeof chat> =>
  chat(new Response(concat(frames.slice(0, count)), { headers: { "content-type": contentType } }), options);

/** The chunks as the ai package reads them, each of which must satisfy its schema. */
async function chunksOf(body: ReadableStream<Uint8Array>): Promise<UIMessageChunk[]> {
  const chunks: UIMessageChunk[] = [];
  for await (const each of parseJsonEventStream({ stream: body, schema: uiMessageChunkSchema })) {
    if (!each.success) throw each.error;
    chunks.push(each.value);
  }
  return chunks;
}

/** What useChat is made of, without React. */
class Page extends AbstractChat<UIMessage> {
  statuses: ChatStatus[] = [];

  constructor(url: string, onToolCall: (call: unknown) => void = () => undefined) {
    const statuses: ChatStatus[] = [];
    const state: ChatState<UIMessage> & { now: ChatStatus } = {
      now: "ready",
      get status() {
        return this.now;
      },
      set status(status) {
        this.now = status;
        statuses.push(status);
      },
      error: undefined,
      messages: [],
      pushMessage(message) {
        this.messages = [...this.messages, message];
      },
      popMessage() {
        this.messages = this.messages.slice(0, -1);
      },
      replaceMessage(index, message) {
        this.messages = this.messages.with(index, structuredClone(message));
      },
      snapshot: (thing) => structuredClone(thing),
    };
    super({
      transport: new DefaultChatTransport({ api: url }),
      state,
      onToolCall: ({ toolCall }) => onToolCall(toolCall),
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithToolCalls,
    });
    this.statuses = statuses;
  }

  get answer(): UIMessage | undefined {
    return this.messages.find(({ role }) => role === "assistant");
  }

  textOf(type: "text" | "reasoning"): string {
    return (this.answer?.parts ?? []).map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  }

  get calls(): object[] {
    return (this.answer?.parts ?? []).flatMap((part) =>
      part.type.startsWith("tool-") && "state" in part && "input" in part
        ? [{ name: part.type.slice("tool-".length), state: part.state, input: part.input }]
        : [],
    );
  }
}

/** What a message says, without what this format has no place for. */
function comparable({ unknown: _, via: __, usage, finish, logprobs: ___, choices: ____, ...message }: Message): object {
  const { raw: _raw, ...counts } = usage ?? {};
  return {
    ...message,
    finish: finish?.reason,
    usage: usage && counts,
    toolCalls: message.toolCalls.map(({ key: _key, id: _id, arguments: _text, ...call }) => call),
  };
}

describe.for(transcripts.map((transcript) => [transcript.name, transcript] as const))("%s", ([, transcript]) => {
  test("is of the ai package's schema, whole and cut off anywhere", async () => {
    for (let count = 0; count <= transcript.frames.length; count++) {
      const { outcome } = await answerOf(transcript, count).message();
      const chunks = await chunksOf(uiMessageStream(answerOf(transcript, count)));
      expect(chunks[0]?.type).toBe("start");
      expect(chunks.at(-1)).toEqual(
        outcome === "complete"
          ? expect.objectContaining({ type: "finish" })
          : { type: "error", errorText: "The answer was cut off" },
      );
    }
  });

  test("arrives in the page over HTTP as it is", async () => {
    const message = await answerOf(transcript).message();
    await using server = await listen(() => uiMessageResponse(answerOf(transcript)));
    const executed: unknown[] = [];
    const page = new Page(server.url, (call) => executed.push(call));
    await page.sendMessage({ text: "?" });
    expect(page.error).toBeUndefined();
    expect(page.status).toBe("ready");
    expect(page.textOf("text")).toBe(message.text + message.refusal);
    expect(page.textOf("reasoning")).toBe(message.reasoning);
    const calls = message.toolCalls.map(({ name, input }) => ({ name, state: "input-available", input }));
    expect(page.calls).toEqual(calls);
    expect(executed).toMatchObject(message.toolCalls.map(({ name, input }) => ({ toolName: name, input })));
    expect(page.answer?.metadata).toMatchObject({
      outcome: "complete",
      ...(message.model && { model: message.model }),
    });
  });

  test("cut off it is an error in the page, and no tool is executed", async () => {
    let count = 0;
    await using server = await listen(() => uiMessageResponse(answerOf(transcript, count)));
    for (; count < transcript.needed; count++) {
      const message = await answerOf(transcript, count).message();
      if (message.outcome === "complete") continue; // a finish reason was enough
      const page = new Page(server.url, () => expect.fail("a tool was executed"));
      await page.sendMessage({ text: "?" });
      expect(page.status).toBe("error");
      expect(page.error?.message).toBe("The answer was cut off");
      expect(page.textOf("text")).toBe(message.text + message.refusal);
      for (const call of page.calls) expect(call).toMatchObject({ state: "output-error" });
    }
  });

  test("comes out of chat as it went in, however it is cut", async () => {
    const message = await answerOf(transcript).message();
    const bytes = new Uint8Array(await uiMessageResponse(answerOf(transcript)).arrayBuffer());
    for (const chunks of [[bytes], cut(bytes, 1), cut(bytes, 17)]) {
      const again = await read(chunks).message();
      expect(again).toMatchObject({ outcome: "complete", via: "sentinel" });
      expect(comparable(again)).toEqual(comparable(message));
    }
  });
});

test("its headers, beside the caller's", () => {
  expect(Object.fromEntries(uiMessageResponse([], { headers: { "x-mine": "1" } }).headers)).toEqual({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-vercel-ai-ui-message-stream": "v1",
    "x-mine": "1",
  });
});

test("parts open and close in the order in which the model speaks", async () => {
  const body = [
    chunk({ reasoning: "Hm" }),
    chunk({ content: "A" }),
    chunk({ content: "B" }),
    chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: '{"x":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
    chunk({ content: "C" }),
    stop("tool_calls", { usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 } }),
    DONE,
  ];
  const events = await eventsOf(uiMessageResponse(chat(body), { messageId: "m1" }));
  expect(events.at(-1)?.data).toBe("[DONE]");
  expect(events.slice(0, -1).map(({ data }) => JSON.parse(data))).toEqual([
    { type: "start", messageId: "m1", messageMetadata: { id: "c1", model: "m" } },
    { type: "start-step" },
    { type: "reasoning-start", id: "0" },
    { type: "reasoning-delta", id: "0", delta: "Hm" },
    { type: "reasoning-end", id: "0" },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "A" },
    { type: "text-delta", id: "1", delta: "B" },
    { type: "text-end", id: "1" },
    { type: "tool-input-start", toolCallId: "c", toolName: "f" },
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: '{"x":' },
    { type: "tool-input-delta", toolCallId: "c", inputTextDelta: "1}" },
    { type: "text-start", id: "2" },
    { type: "text-delta", id: "2", delta: "C" },
    { type: "text-end", id: "2" },
    { type: "tool-input-available", toolCallId: "c", toolName: "f", input: { x: 1 } },
    { type: "finish-step" },
    {
      type: "finish",
      finishReason: "tool-calls",
      messageMetadata: {
        usage: {
          inputTokens: 2,
          inputTokenDetails: {},
          outputTokens: 1,
          outputTokenDetails: {},
          totalTokens: 3,
        },
        outcome: "complete",
        via: "sentinel",
      },
    },
  ]);
});

test("a page that stops cancels the answer, once", async () => {
  const source = countedStream([new TextEncoder().encode(chunk({ content: "Hi" }))], { hangs: true });
  await using server = await listen(() => uiMessageResponse(chat(source.stream)));
  const page = new Page(server.url);
  const sent = page.sendMessage({ text: "?" });
  await vi.waitUntil(() => page.textOf("text") === "Hi", PATIENCE);
  await page.stop();
  await sent;
  await vi.waitUntil(() => source.cancels.length > 0, PATIENCE);
  expect(source.cancels).toHaveLength(1);
  expect(page.status).toBe("ready");
  expect(page.textOf("text")).toBe("Hi");
});

test("a tool that the page runs is answered in the same message", async () => {
  const answers = [
    [
      chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "now", arguments: "" } }] }),
      stop("tool_calls"),
      DONE,
    ],
    [chunk({ content: "It is noon." }), stop(), DONE],
  ];
  await using server = await listen(() => uiMessageResponse(chat(answers.shift() ?? [])));
  const page: Page = new Page(server.url, () => {
    Promise.resolve(page.addToolOutput({ tool: "now", toolCallId: "c", output: "12:00" })).catch(() => undefined);
  });
  await page.sendMessage({ text: "?" });
  await vi.waitUntil(() => page.textOf("text") === "It is noon." && page.status === "ready", PATIENCE);
  expect(page.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
  expect(page.answer?.parts.map(({ type }) => type)).toEqual(["step-start", "tool-now", "step-start", "text"]);
});

test("metadata can be left out", async () => {
  const text = await new Response(
    uiMessageStream(chat([chunk({ content: "A" }), stop(), DONE]), { metadata: false }),
  ).text();
  expect(text).not.toContain("etadata");
});

test("arguments that are not JSON are no input, and a call without a name is an error", async () => {
  const call = (part: object): string => chunk({ tool_calls: [part] });
  const body = [
    call({ index: 0, id: "c", function: { name: "f", arguments: "{x" } }),
    call({ index: 1, id: "d", function: { arguments: "{}" } }),
    stop("tool_calls"),
    DONE,
  ];
  const chunks = await chunksOf(uiMessageStream(chat(body)));
  expect(chunks.filter(({ type }) => type.startsWith("tool-"))).toMatchObject([
    { type: "tool-input-start", toolCallId: "c" },
    { type: "tool-input-delta", toolCallId: "c" },
    { type: "tool-input-error", toolCallId: "c", input: "{x", errorText: "The arguments of this call are not JSON" },
    { type: "tool-input-error", toolCallId: "d", input: "{}", errorText: "This call has no name" },
  ]);
});

describe("an answer that is not whole", () => {
  const failed = [chunk({ content: "Hi" }), event({ error: { message: "key sk-123 is out of quota", code: "quota" } })];

  test("does not hand on what the provider said, unless onError does", async () => {
    expect(await uiMessageResponse(chat(failed)).text()).not.toMatch(/sk-123|quota/);
    const onError = (): string => "Over quota";
    expect((await chunksOf(uiMessageStream(chat(failed), { onError }))).at(-1)).toEqual({
      type: "error",
      errorText: "Over quota",
    });
  });

  test("is aborted when it was stopped on the server, which is no error in the page but in its metadata", async () => {
    const stopped = (): Response => uiMessageResponse(chat(failed, { signal: AbortSignal.abort() }));
    await using server = await listen(stopped);
    const page = new Page(server.url);
    await page.sendMessage({ text: "?" });
    expect(page.status).toBe("ready");
    expect(page.answer?.metadata).toMatchObject({ outcome: "aborted" });
    expect((await read(stopped()).message()).outcome).toBe("error");
  });

  test("is an error when the stream of deltas breaks or has no end", async () => {
    const text = { type: "text", text: "Hi", choice: 0 } as const;
    const broken = countedStream([text], { fails: new Error("secret") });
    expect((await chunksOf(uiMessageStream(broken.stream))).at(-1)).toEqual({
      type: "error",
      errorText: "The stream failed",
    });
    expect((await chunksOf(uiMessageStream([text]))).at(-1)).toMatchObject({ type: "error" });
  });
});

test("whatever the model writes stays in its part", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary", minLength: 1 })), async (texts) => {
      const odd = [...texts, "\r\n\r\ndata: [DONE]\r\n\r\n", '\n\ndata: {"type":"error","errorText":"x"}\n\n'];
      const body = [...odd.map((content) => chunk({ content })), stop(), DONE];
      const chunks = await chunksOf(uiMessageStream(chat(body)));
      expect(chunks.map((each) => (each.type === "text-delta" ? each.delta : "")).join("")).toBe(odd.join(""));
      expect(chunks.at(-1)?.type).toBe("finish");
    }),
  );
});

describe("what the ai package sends, chatIn(uiMessages) reads", () => {
  const usage = {
    inputTokens: { total: 5, noCache: 3, cacheRead: 2, cacheWrite: undefined },
    outputTokens: { total: 7, text: 4, reasoning: 3 },
  };
  const made = (fails = false): Response => {
    const model = new MockLanguageModelV4({
      doStream: async () => ({
        stream: simulateReadableStream({
          chunks: [
            { type: "stream-start", warnings: [] },
            { type: "reasoning-start", id: "r" },
            { type: "reasoning-delta", id: "r", delta: "Hm" },
            { type: "reasoning-end", id: "r", providerMetadata: { anthropic: { signature: "EqQB" } } },
            { type: "text-start", id: "t" },
            { type: "text-delta", id: "t", delta: "Grüße " },
            { type: "text-delta", id: "t", delta: "🌍" },
            { type: "text-end", id: "t" },
            { type: "tool-input-start", id: "c", toolName: "add" },
            { type: "tool-input-delta", id: "c", delta: '{"a":' },
            { type: "tool-input-delta", id: "c", delta: "1}" },
            { type: "tool-input-end", id: "c" },
            { type: "tool-call", toolCallId: "c", toolName: "add", input: '{"a":1}' },
            ...(fails ? [{ type: "error" as const, error: new Error("Out of luck") }] : []),
            { type: "finish", finishReason: { unified: "tool-calls", raw: "tool_use" }, usage },
          ],
        }),
      }),
    });
    const { fullStream } = streamText({ model, prompt: "?", maxRetries: 0, onError: () => undefined });
    const stream = toUIMessageStream({
      stream: fullStream,
      messageMetadata: ({ part }) => (part.type === "finish" ? { usage: part.totalUsage } : { model: "m" }),
      onError: () => "Out of luck",
    });
    return createUIMessageStreamResponse({ stream });
  };

  test("whole", async () => {
    expect(await read(made()).message()).toMatchObject({
      model: "m",
      text: "Grüße 🌍",
      reasoning: "Hm",
      signatures: ["EqQB"],
      usage: { input: 5, output: 7, cached: 2, reasoning: 3, total: 12 },
      finish: { reason: "tool", raw: "tool-calls" },
      outcome: "complete",
      via: "sentinel",
    });
  });

  test("whole, but the dialect was not named", async () => {
    const { outcome, cause, text, unknown } = await chat(made()).message();
    expect([outcome, cause, text]).toEqual(["truncated", undefined, ""]); // the connection did not break
    expect(unknown[0]).toMatchObject({ type: "start" }); // nothing is lost
  });

  test("failed, although it ends in [DONE]", async () => {
    const { outcome, errors } = await read(made(true)).message();
    expect(outcome).toBe("error");
    expect(errors[0]?.message).toBe("Out of luck");
  });

  test("cut off", async () => {
    const text = await made().text();
    const before = text.slice(0, text.indexOf('data: {"type":"finish"'));
    expect(await read(before).message()).toMatchObject({ outcome: "truncated", text: "Grüße 🌍" });
  });
});
