// What openAIStream sends, judged by those who read it: the official clients, the ai package's provider, and our own chat.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import fc from "fast-check";
import OpenAI from "openai";
import { chat, type Message } from "sluice/chat";
import { openAIResponse, openAIStream, type Problem } from "sluice/serve";
import Together from "together-ai";
import { describe, expect, test } from "vitest";
import { chunk, concat, cut, DONE, event, stop } from "../chat/helpers.ts";
import { type Transcript, transcripts } from "../chat/transcripts.ts";
import { countedStream } from "../support/sources.ts";
import { eventsOf } from "./support.ts";

const answerOf = ({ frames, contentType, options }: Transcript, count = frames.length): ReturnType<typeof chat> =>
  chat(new Response(concat(frames.slice(0, count)), { headers: { "content-type": contentType } }), options);

const params = { model: "m", messages: [{ role: "user" as const, content: "?" }], stream: true as const };
const client = (answer: () => Response): { apiKey: string; baseURL: string; maxRetries: 0; fetch: typeof fetch } => ({
  apiKey: "none",
  baseURL: "http://serve.test/v1",
  maxRetries: 0,
  fetch: async () => answer(),
});

/** The official clients, each asking for a stream. */
const clients: Record<string, (answer: () => Response) => Promise<AsyncIterable<Piece>>> = {
  openai: async (answer) => await new OpenAI(client(answer)).chat.completions.create(params),
  "together-ai": async (answer) => await new Together(client(answer)).chat.completions.create(params),
};
interface Piece {
  choices: { delta: { content?: string | null } }[];
}

const chunksOf = async (response: Response): Promise<unknown[]> =>
  (await eventsOf(response)).map(({ data }) => (data === "[DONE]" ? data : JSON.parse(data)));

/** What a message says, without what OpenAI's format has no place for or must have where a provider has nothing. */
function comparable({ id: _, unknown: __, via: ___, usage, finish, ...message }: Message): object {
  const calls = (list: Message["toolCalls"]): object[] =>
    list.map(({ key: _key, id: _id, arguments: text, ...call }) => ({ ...call, arguments: text === "" ? "{}" : text }));
  const { raw: _raw, input = 0, output = 0, ...counts } = usage ?? {};
  const reason = finish?.reason ?? (message.toolCalls.length > 0 ? "tool" : "stop");
  return {
    ...message,
    finish: reason,
    toolCalls: calls(message.toolCalls),
    choices: message.choices.map((choice) => ({ ...choice, toolCalls: calls(choice.toolCalls), finish: reason })),
    usage: usage && { total: input + output, ...counts, input, output },
  };
}

describe.for(transcripts.map((transcript) => [transcript.name, transcript] as const))("%s", ([, transcript]) => {
  test("comes out as it went in, however it is cut", async () => {
    const message = await answerOf(transcript).message();
    expect(message.outcome).toBe("complete");
    const bytes = new Uint8Array(await openAIResponse(answerOf(transcript)).arrayBuffer());
    for (const chunks of [[bytes], cut(bytes, 1), cut(bytes, 17)]) {
      const again = await chat(chunks).message();
      expect(again).toMatchObject({ outcome: "complete", via: "sentinel" });
      expect(comparable(again)).toEqual(comparable(message));
    }
  });

  test("keeps the ids that the provider gave, and makes up those it did not", async () => {
    const message = await answerOf(transcript).message();
    const again = await chat(openAIResponse(answerOf(transcript))).message();
    expect(again.id).toEqual(message.id ?? expect.stringMatching(/^chatcmpl-[\w-]{36}$/));
    expect(again.toolCalls.map(({ id }) => id)).toEqual(
      message.toolCalls.map(({ id }) => id ?? expect.stringMatching(/^call_[\w-]{36}$/)),
    );
  });

  test("is read by openai", async () => {
    const message = await answerOf(transcript).message();
    const openai = new OpenAI(client(() => openAIResponse(answerOf(transcript))));
    const stream = openai.chat.completions.stream({ ...params, stream_options: { include_usage: true } });
    const completion = await stream.finalChatCompletion();
    const [choice] = completion.choices;
    expect(choice?.message.role).toBe("assistant");
    expect(choice?.message.content ?? "").toBe(message.text);
    expect(choice?.message.refusal ?? "").toBe(message.refusal);
    expect(choice?.finish_reason).toBe(
      message.toolCalls.length > 0 ? "tool_calls" : (message.finish?.reason ?? "stop").replace("-", "_"),
    );
    const calls = (choice?.message.tool_calls ?? []).map((call) =>
      call.type === "function" ? { name: call.function.name, input: JSON.parse(call.function.arguments) } : call,
    );
    expect(calls).toEqual(message.toolCalls.map(({ name, input }) => ({ name, input })));
    if (message.usage !== undefined) {
      expect(completion.usage).toMatchObject({
        prompt_tokens: message.usage.input ?? 0,
        completion_tokens: message.usage.output ?? 0,
      });
    }
  });

  test("is read by together-ai", async () => {
    const message = await answerOf(transcript).message();
    const together = new Together(client(() => openAIResponse(answerOf(transcript))));
    let text = "";
    let reasoning = "";
    const finishes: unknown[] = [];
    for await (const { choices } of await together.chat.completions.create(params)) {
      for (const { delta, finish_reason } of choices) {
        text += delta.content ?? "";
        reasoning += (delta as { reasoning_content?: string }).reasoning_content ?? "";
        if (finish_reason !== null) finishes.push(finish_reason);
      }
    }
    expect({ text, reasoning }).toEqual({ text: message.text, reasoning: message.reasoning });
    expect(finishes).toHaveLength(1);
  });

  test("is read by the ai package", async () => {
    const message = await answerOf(transcript).message();
    const provider = createOpenAICompatible({
      name: "serve",
      ...client(() => openAIResponse(answerOf(transcript))),
      includeUsage: true,
    });
    const result = streamText({ model: provider("m"), prompt: "?", maxRetries: 0, onError: () => undefined });
    expect(await result.text).toBe(message.text + message.refusal); // which it takes for text
    expect((await result.reasoningText) ?? "").toBe(message.reasoning);
    expect((await result.toolCalls).map(({ toolName, input }) => ({ toolName, input }))).toEqual(
      message.toolCalls.map(({ name, input }) => ({ toolName: name, input })),
    );
  });

  test("cut off anywhere it ends in an error that everybody sees, never in a finish reason or [DONE]", async () => {
    for (let count = 0; count < transcript.needed; count++) {
      const message = await answerOf(transcript, count).message();
      if (message.outcome === "complete") continue; // a finish reason was enough
      const made = (): Response => openAIResponse(answerOf(transcript, count));
      const sent = await chunksOf(made());
      expect(sent.at(-1)).toEqual({
        error: { message: "The answer was cut off", type: "upstream_error", param: null, code: "truncated" },
      });
      expect(JSON.stringify(sent)).not.toMatch(/DONE|"finish_reason":"/);
      expect(await chat(made()).message()).toMatchObject({ outcome: "error", text: message.text });
      for (const [name, ask] of Object.entries(clients)) {
        const read = async (): Promise<void> => {
          for await (const _ of await ask(made));
        };
        await expect(read(), name).rejects.toThrow("The answer was cut off");
      }
    }
  });
});

test("a chunk is as OpenAI's: who speaks first, the reason and the usage last", async () => {
  const body = [chunk({ content: "Hi" }), stop("length", { usage: { prompt_tokens: 2, completion_tokens: 1 } }), DONE];
  const [first, ...others] = await chunksOf(openAIResponse(chat(body)));
  expect(first).toEqual({
    id: "c1",
    object: "chat.completion.chunk",
    created: expect.any(Number),
    model: "m",
    choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }],
  });
  const rest = others.map((each) => (typeof each === "object" ? { ...each, created: 0 } : each));
  const head = { id: "c1", object: "chat.completion.chunk", created: 0, model: "m" };
  expect(rest).toEqual([
    { ...head, choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: null }] },
    { ...head, choices: [{ index: 0, delta: {}, finish_reason: "length" }] },
    { ...head, choices: [], usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 } },
    "[DONE]",
  ]);
});

test("id, model, the field of reasoning and usage are as told", async () => {
  const body = [chunk({ reasoning: "Hm" }), stop("stop", { usage: { prompt_tokens: 2 } }), DONE];
  const options = { id: "mine", model: "public-name", reasoning: "reasoning", usage: false } as const;
  const sent = await chunksOf(new Response(openAIStream(chat(body), options)));
  expect(sent[1]).toMatchObject({ id: "mine", model: "public-name", choices: [{ delta: { reasoning: "Hm" } }] });
  expect(JSON.stringify(sent)).not.toMatch(/usage|reasoning_content/);
});

test("several choices are told apart, each with its own calls and reason", async () => {
  const call = (index: number, name: string): object => ({
    index,
    id: name,
    type: "function",
    function: { name, arguments: '{"x":1}' },
  });
  const body = [
    chunk({ content: "a" }),
    chunk({ content: "b" }, {}, { index: 1 }),
    chunk({ tool_calls: [call(0, "f"), call(1, "g")] }, {}, { index: 1 }),
    chunk({}, {}, { index: 1, finish_reason: "tool_calls" }),
    stop(),
    DONE,
  ];
  const [before, after] = [await chat(body).message(), await chat(openAIResponse(chat(body))).message()];
  expect(after.choices).toEqual(before.choices);
});

test("a call without parameters has an object, one whose name comes late has it", async () => {
  const part = (call: object): string => chunk({ tool_calls: [{ index: 0, ...call }] });
  const bare = [part({ id: "c", function: { name: "now", arguments: "" } }), stop("tool_calls"), DONE];
  expect((await chat(openAIResponse(chat(bare))).message()).toolCalls).toEqual([
    { key: "0", id: "c", name: "now", arguments: "{}", input: {} },
  ]);
  const late = [part({ id: "c" }), part({ function: { name: "now", arguments: "[]" } }), stop("tool_calls"), DONE];
  expect((await chat(openAIResponse(chat(late))).message()).toolCalls).toEqual([
    { key: "0", id: "c", name: "now", arguments: "[]", input: [] },
  ]);
});

describe("an answer that is not whole", () => {
  const failed = [chunk({ content: "Hi" }), event({ error: { message: "key sk-123 is out of quota", code: "quota" } })];

  test("does not hand on what the provider said, unless onError does", async () => {
    const text = await openAIResponse(chat(failed)).text();
    expect(text).not.toMatch(/sk-123|quota/);
    expect(text).toContain('"code":"error"');
    const problems: Problem[] = [];
    const response = openAIResponse(chat(failed), {
      onError(problem) {
        problems.push(problem);
        return { message: "Over quota", type: "insufficient_quota", code: "quota" };
      },
    });
    expect((await chunksOf(response)).at(-1)).toEqual({
      error: { message: "Over quota", type: "insufficient_quota", param: null, code: "quota" },
    });
    expect(problems).toMatchObject([{ outcome: "error", cause: { message: "key sk-123 is out of quota" } }]);
  });

  test("says which outcome it had", async () => {
    const signal = AbortSignal.abort();
    expect(await openAIResponse(chat(failed, { signal })).text()).toContain('"code":"aborted"');
    const stalled = chat(countedStream([], { hangs: true }).stream, { deadlines: { total: 5 } });
    expect(await openAIResponse(stalled).text()).toContain('"code":"stalled"');
    const broken = chat(countedStream([], { fails: new TypeError("secret") }).stream);
    const text = await openAIResponse(broken).text();
    expect(text).toContain('"code":"truncated"');
    expect(text).not.toContain("secret");
  });

  test("is also a stream of deltas that has no end", async () => {
    const deltas = [{ type: "text", text: "Hi", choice: 0 } as const];
    expect((await chunksOf(openAIResponse(deltas))).at(-1)).toMatchObject({ error: { code: "truncated" } });
  });

  test("still says what it cost", async () => {
    const spent = [chunk({ content: "Hi" }, { usage: { prompt_tokens: 5 } })];
    expect((await chunksOf(openAIResponse(chat(spent)))).slice(-2)).toMatchObject([
      { choices: [], usage: { prompt_tokens: 5 } },
      { error: { code: "truncated" } },
    ]);
  });
});

test("whatever the model writes stays in its event", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "binary", minLength: 1 })), async (texts) => {
      const odd = [...texts, "\r\n\r\ndata: [DONE]\r\n\r\n", "\n\nevent: error\ndata: {}\n\n", "\u2028\0"];
      const body = [...odd.map((content) => chunk({ content })), stop(), DONE];
      expect(await chat(openAIResponse(chat(body))).message()).toMatchObject({
        outcome: "complete",
        text: odd.join(""),
      });
    }),
  );
});

test("signs of life disturb no client", async () => {
  const paused = async function* (): AsyncGenerator<string> {
    for (const part of [chunk({ content: "Hel" }), chunk({ content: "lo" }), stop(), DONE]) {
      await new Promise((resolve) => setTimeout(resolve, 12));
      yield part;
    }
  };
  const made = (): Response => openAIResponse(chat(paused()), { heartbeat: 2 });
  expect(await made().text()).toContain(": keep-alive\n\n");
  for (const ask of Object.values(clients)) {
    let text = "";
    for await (const { choices } of await ask(made)) {
      text += choices[0]?.delta.content ?? "";
    }
    expect(text).toBe("Hello");
  }
});
