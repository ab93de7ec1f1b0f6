// The clients that people use, as they are, against the gateway in workerd over real HTTP.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import OpenAI from "openai";
import Together from "together-ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerTo } from "../../../edge-examples/chat/upstream/answers.ts";
import { everyFault, type Gateway, PROMPT, type Recorder, startGateway, startRecorded, TOKEN } from "./support.ts";

const messages = [{ role: "user" as const, content: PROMPT }];
const ANSWER = answerTo(PROMPT);

let upstream: Recorder;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startRecorded({ pace: 0, stall: 50, seed: 1 });
  gateway = await startGateway(everyFault(upstream));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** What a client made of a stream: all that it was given, and what it threw behind that. */
interface Read {
  text: string;
  tokens?: number | undefined;
  error?: unknown;
}

interface Client {
  stream: (model: string, token?: string) => Promise<Read>;
  whole: (model: string) => Promise<Read>;
  models?: () => Promise<string[]>;
}

async function read<T>(open: () => Promise<AsyncIterable<T>>, add: (read: Read, chunk: T) => void): Promise<Read> {
  const read: Read = { text: "" };
  try {
    for await (const chunk of await open()) add(read, chunk);
  } catch (error) {
    read.error = error;
  }
  return read;
}

const openai = (token = TOKEN): OpenAI => new OpenAI({ baseURL: gateway.url, apiKey: token, maxRetries: 0 });
const together = (token = TOKEN): Together => new Together({ baseURL: gateway.url, apiKey: token, maxRetries: 0 });
const compatible = (token = TOKEN) =>
  createOpenAICompatible({ name: "gateway", baseURL: gateway.url, apiKey: token, includeUsage: true });

const clients: Record<string, Client> = {
  openai: {
    stream: (model, token) =>
      read(
        () =>
          openai(token).chat.completions.create({
            model,
            messages,
            stream: true,
            stream_options: { include_usage: true },
          }),
        (read, { choices, usage }) => {
          read.text += choices[0]?.delta.content ?? "";
          read.tokens = usage?.completion_tokens ?? read.tokens;
        },
      ),
    async whole(model) {
      const { choices, usage } = await openai().chat.completions.create({ model, messages });
      return { text: choices[0]?.message.content ?? "", tokens: usage?.completion_tokens };
    },
    async models() {
      const names: string[] = [];
      for await (const { id } of openai().models.list()) names.push(id);
      return names;
    },
  },
  "together-ai": {
    stream: (model, token) =>
      read(
        () => together(token).chat.completions.create({ model, messages, stream: true }),
        (read, { choices, usage }) => {
          read.text += choices[0]?.delta.content ?? "";
          read.tokens = usage?.completion_tokens ?? read.tokens;
        },
      ),
    async whole(model) {
      const { choices, usage } = await together().chat.completions.create({ model, messages });
      return { text: choices[0]?.message?.content ?? "", tokens: usage?.completion_tokens };
    },
  },
  "@ai-sdk/openai-compatible": {
    async stream(model, token) {
      let failure: unknown;
      const result = streamText({
        model: compatible(token)(model),
        prompt: PROMPT,
        maxRetries: 0,
        onError: ({ error }) => {
          failure = error;
        },
      });
      const all = await read(
        async () => result.textStream,
        (read, text) => {
          read.text += text;
        },
      );
      if (failure !== undefined) return { ...all, error: failure };
      return { ...all, tokens: (await result.usage).outputTokens };
    },
    async whole(model) {
      const { text, usage } = await generateText({ model: compatible()(model), prompt: PROMPT, maxRetries: 0 });
      return { text, tokens: usage.outputTokens };
    },
  },
};

describe.each(Object.entries(clients))("%s", (_, client) => {
  test("reads a stream", async () => {
    for (const model of ["good", "cut-anywhere", "one-byte", "crlf", "stall"]) {
      const { text, error } = await client.stream(model);
      expect(error).toBeUndefined();
      expect(text).toBe(ANSWER);
    }
    const line = gateway.lines().at(-1);
    expect(line).toMatchObject({ outcome: "complete", stream: true, caller: "alice" });
  });

  test("reads an answer in one piece, and its usage", async () => {
    const { text, tokens } = await client.whole("good");
    expect(text).toBe(ANSWER);
    expect(tokens).toBeGreaterThan(3);
    expect(gateway.lines().at(-1)?.usage?.["output"]).toBe(tokens);
  });

  test.each(["cut", "early-end", "error"])("learns that %s was no whole answer", async (model) => {
    const { text, error } = await client.stream(model);
    expect(error).toBeDefined();
    expect(text).not.toBe("");
    expect(ANSWER.startsWith(text)).toBe(true);
  });

  test("learns that a token is wrong, and that a model is not there", async () => {
    expect((await client.stream("good", "sk-wrong-token-of-nobody")).error).toMatchObject({
      [_.startsWith("@") ? "statusCode" : "status"]: 401,
    });
    expect((await client.stream("nothing")).error).toMatchObject({
      [_.startsWith("@") ? "statusCode" : "status"]: 404,
    });
  });
});

test("openai lists the models, and says in the gateway's words what went wrong", async () => {
  expect(await clients["openai"]?.models?.()).toContain("cut-anywhere");
  expect((await clients["openai"]?.stream("early-end"))?.error).toMatchObject({ code: "upstream_truncated" });
  expect((await clients["openai"]?.stream("nothing"))?.error).toMatchObject({
    code: "model_not_found",
    param: "model",
  });
});

test("openai that stops in the middle stops the upstream", async () => {
  const slow = await startRecorded({ pace: 40, seed: 1 });
  const other = await startGateway(everyFault(slow));
  const stream = await new OpenAI({ baseURL: other.url, apiKey: TOKEN }).chat.completions.create({
    model: "good",
    messages,
    stream: true,
  });
  for await (const { choices } of stream) if (choices[0]?.delta.content) break;
  await expect.poll(() => slow.sent.at(-1)?.state, { timeout: 10_000 }).toBe("left");
  await expect.poll(() => other.lines().at(-1)?.outcome, { timeout: 10_000 }).toBe("aborted");
  await other.close();
  await slow.close();
});

describe("curl", () => {
  const curl = async (model: string, token = TOKEN): Promise<string> => {
    const body = JSON.stringify({ model, stream: true, messages });
    const url = `${gateway.url}/chat/completions`;
    const { stdout } = await promisify(execFile)("curl", [
      "-sSN",
      url,
      "-H",
      `authorization: Bearer ${token}`,
      "-d",
      body,
    ]);
    return stdout;
  };

  test("reads the upstream's very bytes", async () => {
    expect(await curl("split-characters")).toBe(upstream.bodies.at(-1)?.toString());
  });

  test("reads what went wrong", async () => {
    expect(await curl("cut")).toMatch(/\n\ndata: \{"error":\{[^\n]*"code":"upstream_truncated"\}\}\n\n$/);
    expect(await curl("good", "wrong")).toMatch(/"code":"invalid_api_key"/);
  });
});
