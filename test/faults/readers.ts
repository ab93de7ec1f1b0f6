import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { streamText } from "ai";
import OpenAI from "openai";
import type { ChatOptions } from "sluice/chat";
import Together from "together-ai";
import { chat } from "../chat/helpers.ts";

/** What a reader made of an answer: it was whole, or not and it said so, or it has been left. */
export interface Verdict {
  outcome: string;
  text: string;
}

/** Reads the answer of a server. `onText` is called with each text; it says whether to go on. */
export type Read = (url: string, signal: AbortSignal, onText: () => boolean) => Promise<Verdict>;

export const IDLE = 300;

/** Ours: the outcome is what it says. */
export function ours(options?: ChatOptions): Read {
  return async (url, signal, onText) => {
    let text = "";
    for await (const delta of chat(fetch(`${url}/chat`), { ...options, signal, deadlines: { idle: IDLE } })) {
      if (delta.type === "text") text += delta.text;
      if (delta.type === "end") return { outcome: delta.outcome, text };
      if (delta.type !== "start" && !onText()) break;
    }
    return { outcome: "left", text };
  };
}

type Texts = AsyncIterable<string | undefined>;

/** A rival: whole unless it throws. Retries are off, and it gets the same time where it has an option for it. */
function rival(open: (url: string, signal: AbortSignal) => Promise<Texts> | Texts): Read {
  return async (url, signal, onText) => {
    let text = "";
    try {
      for await (const part of await open(url, signal)) {
        text += part ?? "";
        if (!onText()) return { outcome: "left", text };
      }
    } catch {
      return { outcome: "told", text };
    }
    return { outcome: "complete", text };
  };
}

async function* pick<T>(
  stream: AsyncIterable<T>,
  textOf: (value: T) => string | null | undefined,
): AsyncGenerator<string> {
  for await (const value of stream) yield textOf(value) ?? "";
}

const options = { apiKey: "none", maxRetries: 0, timeout: IDLE, logLevel: "off" } as const;
const messages = [{ role: "user" as const, content: "Hi" }];

/** Rivals by the transcript that they can read. */
export const rivals: Readonly<Record<string, Readonly<Record<string, Read>>>> = {
  "openai 7.55.0": {
    "openai-chat": rival(async (baseURL, signal) =>
      pick(
        await new OpenAI({ ...options, baseURL }).chat.completions.create(
          { model: "m", messages, stream: true },
          { signal },
        ),
        (value) => value.choices[0]?.delta?.content,
      ),
    ),
    "openai-responses": rival(async (baseURL, signal) =>
      pick(
        await new OpenAI({ ...options, baseURL }).responses.create(
          { model: "m", input: "Hi", stream: true },
          { signal },
        ),
        (value) => {
          if (value.type === "response.failed") throw new Error("told"); // it is an event like the others there
          return value.type === "response.output_text.delta" ? value.delta : "";
        },
      ),
    ),
  },
  "together-ai 0.52.0": {
    "openai-chat": rival(async (baseURL, signal) =>
      pick(
        await new Together({ ...options, baseURL }).chat.completions.create(
          { model: "m", messages, stream: true },
          { signal },
        ),
        (value) => value.choices[0]?.delta?.content,
      ),
    ),
  },
  "@anthropic-ai/sdk 1.11.0": {
    anthropic: rival(async (baseURL, signal) =>
      pick(
        await new Anthropic({ ...options, baseURL }).messages.create(
          { model: "m", messages, max_tokens: 9, stream: true },
          { signal },
        ),
        (value) => (value.type === "content_block_delta" && value.delta.type === "text_delta" ? value.delta.text : ""),
      ),
    ),
  },
  "ai 7.0.173": {
    "openai-chat": rival((baseURL, abortSignal) => {
      const model = createOpenAICompatible({ name: "x", baseURL, apiKey: "none" })("m");
      return fullStream(
        streamText({ model, prompt: "Hi", maxRetries: 0, abortSignal, onError: () => undefined }).fullStream,
      );
    }),
    anthropic: rival((baseURL, abortSignal) => {
      const model = createAnthropic({ baseURL, apiKey: "none" })("m");
      return fullStream(
        streamText({ model, prompt: "Hi", maxRetries: 0, abortSignal, onError: () => undefined }).fullStream,
      );
    }),
  },
};

/** The AI SDK says errors and aborts as parts of the stream, and an unknown finish reason where there was none. */
async function* fullStream(
  stream: AsyncIterable<{ type: string; text?: string; error?: unknown }>,
): AsyncGenerator<string> {
  for await (const part of stream) {
    if (part.type === "error") throw part.error;
    if (part.type === "abort") throw new DOMException("aborted", "AbortError");
    if (part.type === "text-delta") yield part.text ?? "";
  }
}
