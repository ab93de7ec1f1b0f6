// Other providers through OpenAI's API: requests in their words, answers in OpenAI's.
import type { IncomingMessage, ServerResponse } from "node:http";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Served } from "../../../edge-examples/chat/serve.ts";
import { GatewayError } from "../../../edge-examples/gateway/worker/failure.ts";
import { providerOf } from "../../../edge-examples/gateway/worker/providers/index.ts";
import type { CompletionRequest } from "../../../edge-examples/gateway/worker/request.ts";
import { startServer, until } from "../../support/http.ts";
import { ask, errorIn, type Gateway, KEY, PROMPT, startGateway, TOKEN } from "./support.ts";

const weather = {
  name: "weather",
  description: "The weather in a city",
  parameters: { type: "object", properties: { city: { type: "string" } } },
};

const CONVERSATION: CompletionRequest = {
  model: "m",
  stream: true,
  messages: [
    { role: "system", content: "Be brief." },
    {
      role: "developer",
      content: [
        { type: "text", text: "Be " },
        { type: "text", text: "kind." },
      ],
    },
    {
      role: "user",
      content: [
        { type: "text", text: "And this?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
        { id: "c2", type: "function", function: { name: "now", arguments: "" } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "Sunny" },
    { role: "tool", tool_call_id: "c2", content: "Noon" },
    { role: "assistant", content: "It is sunny." },
    { role: "user", content: "Thanks" },
  ],
  max_completion_tokens: 100,
  temperature: 1.5,
  top_p: 0.5,
  stop: "END",
  tools: [
    { type: "function", function: weather },
    { type: "function", function: { name: "now" } },
  ],
  tool_choice: "required",
  parallel_tool_calls: false,
  user: "u-1",
  n: 1,
};

const bodyFor = (provider: "anthropic" | "gemini", request: CompletionRequest): unknown => {
  const upstream = { url: "http://host", provider };
  return JSON.parse(JSON.stringify(providerOf(upstream).body(request, "real", upstream)));
};

describe("a request", () => {
  test("in Anthropic's words", () => {
    expect(bodyFor("anthropic", CONVERSATION)).toEqual({
      model: "real",
      max_tokens: 100,
      stream: true,
      system: "Be brief.\n\nBe kind.",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "And this?" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "tool_use", id: "c1", name: "weather", input: { city: "Rome" } },
            { type: "tool_use", id: "c2", name: "now", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c1", content: "Sunny" },
            { type: "tool_result", tool_use_id: "c2", content: "Noon" },
          ],
        },
        { role: "assistant", content: [{ type: "text", text: "It is sunny." }] },
        { role: "user", content: [{ type: "text", text: "Thanks" }] },
      ],
      temperature: 1,
      top_p: 0.5,
      stop_sequences: ["END"],
      tools: [
        { name: "weather", description: "The weather in a city", input_schema: weather.parameters },
        { name: "now", input_schema: { type: "object", properties: {} } },
      ],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      metadata: { user_id: "u-1" },
    });
  });

  test("in Gemini's words", () => {
    expect(bodyFor("gemini", CONVERSATION)).toEqual({
      systemInstruction: { parts: [{ text: "Be brief.\n\nBe kind." }] },
      contents: [
        { role: "user", parts: [{ text: "And this?" }, { inlineData: { mimeType: "image/png", data: "aGk=" } }] },
        {
          role: "model",
          parts: [
            { functionCall: { name: "weather", args: { city: "Rome" } } },
            { functionCall: { name: "now", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { name: "weather", response: { result: "Sunny" } } },
            { functionResponse: { name: "now", response: { result: "Noon" } } },
          ],
        },
        { role: "model", parts: [{ text: "It is sunny." }] },
        { role: "user", parts: [{ text: "Thanks" }] },
      ],
      generationConfig: { maxOutputTokens: 100, temperature: 1.5, topP: 0.5, stopSequences: ["END"] },
      tools: [
        {
          functionDeclarations: [
            { name: "weather", description: "The weather in a city", parametersJsonSchema: weather.parameters },
            { name: "now", parametersJsonSchema: { type: "object", properties: {} } },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
    });
  });

  const messages = [{ role: "user", content: "hi" }];
  test("of the least there can be", () => {
    const least = { model: "m", messages, stop: null, tools: null, seed: 4, stream_options: { include_usage: true } };
    expect(bodyFor("anthropic", least)).toEqual({
      model: "real",
      max_tokens: 4096,
      stream: true,
      messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
    });
    expect(bodyFor("gemini", least)).toEqual({
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
      generationConfig: {},
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["n", { n: 2 }],
    ["logit_bias", { logit_bias: { 1: 2 } }],
    ["response_format.type", { response_format: { type: "json_object" } }],
    ["frequency_penalty", { frequency_penalty: 1 }],
    ["reasoning_effort", { reasoning_effort: "high" }],
    ["temperature", { temperature: "hot" }],
    ["tool_choice", { tool_choice: "maybe" }],
    ["tools.0.type", { tools: [{ type: "web_search" }] }],
    ["messages.0.role", { messages: [{ role: "function", content: "x" }] }],
    ["messages.0.content", { messages: [{ role: "user", content: [{ type: "input_audio" }] }] }],
    ["messages.0.tool_call_id", { messages: [{ role: "tool", tool_call_id: "c9", content: "x" }] }],
    [
      "messages.0.tool_calls.0.function.arguments",
      {
        messages: [
          { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: "{" } }] },
        ],
      },
    ],
  ])("with a %s that they have no words for is refused, not bent", (param, more) => {
    for (const provider of ["anthropic", "gemini"] as const) {
      let thrown: unknown;
      try {
        bodyFor(provider, { model: "m", messages, ...more });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(GatewayError);
      expect(thrown).toMatchObject({ status: 400, param, message: expect.stringContaining(`\`${param}\``) });
    }
  });
});

const event = (value: { type: string; [field: string]: unknown }): string =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const START = event({
  type: "message_start",
  message: { id: "msg_1", model: "claude", usage: { input_tokens: 9, output_tokens: 1 } },
});
const text = (text: string): string =>
  event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
const END =
  event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } }) +
  event({ type: "message_stop" });
const CALL = [
  event({
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "toolu_1", name: "weather", input: {} },
  }),
  event({ type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"city":' } }),
  event({ type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '"Rome"}' } }),
  event({ type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 7 } }),
  event({ type: "message_stop" }),
].join("");

describe("an answer of Anthropic's", () => {
  let provider: Served;
  let gateway: Gateway;
  let respond: (response: ServerResponse) => void;
  let asked: { path: string | undefined; headers: IncomingMessage["headers"]; body: string };

  beforeAll(async () => {
    provider = await startServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      asked = { path: request.url, headers: request.headers, body };
      respond(response);
    });
    gateway = await startGateway(
      {
        claude: { url: `${provider.url}/v1`, provider: "anthropic", key: "UPSTREAM_KEY" },
        gem: { url: provider.url, provider: "gemini" },
      },
      { models: { nice: { upstream: "claude", model: "claude-real" } }, IDLE_SECONDS: 0.5 },
    );
  });
  afterAll(async () => {
    await gateway.close();
    await provider.close();
  });

  const says = (...parts: string[]): void => {
    respond = (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(parts.join(""));
  };
  const client = (): OpenAI => new OpenAI({ baseURL: gateway.url, apiKey: TOKEN, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: PROMPT }];

  test("is a stream that OpenAI's client reads, with its usage", async () => {
    says(START, text("Hel"), text("lo"), END);
    const stream = await client().chat.completions.create({
      model: "nice",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let content = "";
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) {
      content += chunk.choices[0]?.delta.content ?? "";
      last = chunk;
      expect(chunk.model).toBe("nice");
    }
    expect(content).toBe("Hello");
    expect(last?.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 5 });
    expect(asked.path).toBe("/v1/messages");
    expect(asked.headers).toMatchObject({ "x-api-key": KEY, "anthropic-version": "2023-06-01" });
    expect(JSON.parse(asked.body)).toMatchObject({ model: "claude-real", stream: true });
    await expect
      .poll(() => gateway.lines().at(-1))
      .toMatchObject({
        outcome: "complete",
        model: "nice",
        upstream: "claude",
        finish: "stop",
        usage: { input: 9, output: 5 },
        firstByteMs: expect.any(Number),
        totalMs: expect.any(Number),
      });
  });

  test("has a count of tokens only where that was asked for", async () => {
    says(START, text("Hello"), END);
    const response = await ask(gateway, "nice");
    expect(await response.text()).not.toContain('"usage"');
    expect(await gateway.lineOf(response)).toMatchObject({ usage: { input: 9, output: 5 } });
  });

  test("is one piece where that was asked for", async () => {
    says(START, text("Let me see."), CALL);
    const { choices, usage } = await client().chat.completions.create({ model: "nice", messages });
    expect(choices).toEqual([
      {
        index: 0,
        logprobs: null,
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: "Let me see.",
          refusal: null,
          tool_calls: [
            { id: "toolu_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
          ],
        },
      },
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 });
    expect(gateway.lines().at(-1)).toMatchObject({
      outcome: "complete",
      stream: false,
      usage: { input: 9, output: 7 },
      finish: "tool",
    });
  });

  const OVERLOADED = event({
    type: "error",
    error: { type: "overloaded_error", message: `Overloaded, with the key ${KEY}` },
  });
  test.each<[string, string[], string, string, RegExp]>([
    ["the end of the body", [START, text("Hel")], "truncated", "upstream_truncated", /cut off/],
    [
      "an error of the provider's",
      [START, text("Hel"), OVERLOADED],
      "error",
      "upstream_error",
      /Overloaded, with the key \[key\]$/,
    ],
  ])("that %s breaks off is never whole", async (_, parts, outcome, code, message) => {
    says(...parts);
    const stream = await client().chat.completions.create({ model: "nice", messages, stream: true });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect.poll(() => gateway.lines().at(-1)).toMatchObject({ outcome, error: code });

    await expect(client().chat.completions.create({ model: "nice", messages })).rejects.toMatchObject({
      status: 502,
      code,
      message: expect.stringMatching(message),
    });
    await expect.poll(() => gateway.lines().at(-1)).toMatchObject({ outcome, error: code, stream: false });
  });

  test("that stalls ends, says so, and the upstream is cancelled", async () => {
    for (const stream of [true, false]) {
      let isLeft = false;
      respond = (response) => {
        response.on("close", () => {
          isLeft = true;
        });
        response.writeHead(200, { "content-type": "text/event-stream" }).write(START + text("Hel"));
      };
      const response = await ask(gateway, "nice", { stream });
      const body = await response.text();
      expect(errorIn(body.trim().split("data: ").at(-1) ?? "").code).toBe("upstream_stalled");
      expect(response.status).toBe(stream ? 200 : 504);
      expect(await gateway.lineOf(response)).toMatchObject({ outcome: "stalled", error: "upstream_stalled" });
      await until(() => isLeft);
    }
  });

  test("that nobody waits for any more is cancelled", async () => {
    let isLeft = false;
    respond = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(START);
      const timer = setInterval(() => response.write(text("word ")), 50);
      response.on("close", () => {
        clearInterval(timer);
        isLeft = true;
      });
    };
    const leaving = new AbortController();
    const response = await ask(gateway, "nice", { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await until(() => isLeft);
    expect(await gateway.lineOf(response)).toMatchObject({ outcome: "aborted" });
  });

  test("that is a refusal is one", async () => {
    respond = (response) => {
      response.writeHead(529, { "content-type": "application/json", "retry-after": "5" });
      response.end(JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }));
    };
    const response = await ask(gateway, "nice");
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(errorIn(await response.text())).toMatchObject({ message: "Overloaded", type: "server_error" });
  });

  test("and one of Gemini's is read, too", async () => {
    says(
      'data: {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":1}}\r\n\r\n',
    );
    const { choices, usage } = await client().chat.completions.create({ model: "gem", messages });
    expect(choices[0]).toMatchObject({ message: { content: "Hi" }, finish_reason: "stop" });
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 1 });
    expect(asked.path).toBe("/models/gem:streamGenerateContent?alt=sse");
  });
});
