import type { Delta, Finish, ToolDelta, Usage } from "../chat/delta.js";
import { encodeSSE } from "../sse/encode.js";
import { bodyOf, type Writer } from "./body.js";
import { checkOnError, concluded, type Ending, type ErrorOptions, type Script } from "./ending.js";
import { comments, type HeartbeatOptions } from "./heartbeat.js";
import { EVENT_STREAM, type ResponseOptions, streamed } from "./response.js";
import { openValues, type Values } from "./source.js";

/** Options of `openAIStream`. */
export interface OpenAIStreamOptions extends HeartbeatOptions, ErrorOptions {
  /** The answer's id; the provider's unless told otherwise, or one made up. */
  id?: string;
  /** The model's name; the provider's unless told otherwise. */
  model?: string;
  /** The field of reasoning; `reasoning_content`, which most clients read, unless told otherwise. */
  reasoning?: "reasoning_content" | "reasoning";
  /** Whether a chunk with the usage is sent, which OpenAI asks to be asked for (`stream_options`); true unless told otherwise. */
  usage?: boolean;
}

/** Options of `openAIResponse`. */
export interface OpenAIResponseOptions extends OpenAIStreamOptions, ResponseOptions {}

/**
 * Sends an answer, whoever gives it, as the chunks of OpenAI's chat completions, so that any client of OpenAI's reads it.
 *
 * `finish_reason` and `[DONE]` come only when the answer was whole; an answer that was not ends in an event with an `error`
 * object instead, whose `code` is the outcome. What an answer doesn't say and a client needs is made up: an id, the ids of
 * tool calls, a finish reason, counts of 0. `unknown` deltas are not sent.
 *
 * @param answer an Answer, or its deltas from a Flow or a stream; it is claimed at once, and read when the body is
 * @throws TypeError when `answer` is neither, or in use, or an option is not what it should be
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 *
 * @example
 * ```ts
 * import { chat } from "sluice/chat";
 * import { openAIResponse } from "sluice/serve";
 *
 * const ollama = '{"model":"m","message":{"content":"Hi"},"done":true,"done_reason":"stop","eval_count":1}\n';
 * const response = openAIResponse(chat(ollama), { id: "chatcmpl-1" });
 * const { text, finish, usage, outcome } = await chat(response).message();
 * console.log(text, finish?.reason, usage?.output, outcome); // → Hi stop 1 complete
 * ```
 */
export function openAIResponse(answer: Values<Delta>, options: OpenAIResponseOptions = {}): Response {
  return streamed(() => openAIStream(answer, options), EVENT_STREAM, options);
}

/**
 * The body of `openAIResponse`, for a response of your own.
 * @throws TypeError as `openAIResponse`
 */
export function openAIStream(
  answer: Values<Delta>,
  options: OpenAIStreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const beat = comments(options.heartbeat); // first: a source is not claimed in vain
  checkOnError(options.onError);
  const connect = (push: (bytes: Uint8Array) => void): Writer<Delta> => {
    const events = encodeSSE({ sentinel: "[DONE]" }).connect({ push, end: () => undefined });
    const script = new Completion((value) => events.push(JSON.stringify(value)), events.end, options);
    return concluded(script, "truncated", options.onError);
  };
  return bodyOf(openValues("openAIStream", answer), connect, beat);
}

/** What is known of one choice while it is written. */
interface Choice {
  calls: Map<string, { index: number; hasName: boolean; hasArguments: boolean }>;
  finish: string | undefined;
}

const REASONS: Readonly<Record<Finish["reason"], string | undefined>> = {
  stop: "stop",
  length: "length",
  tool: "tool_calls",
  "content-filter": "content_filter",
  other: undefined, // has no word there: the provider's own
};

/** Writes deltas as chunks of a chat completion. */
class Completion implements Script<Delta> {
  readonly #send: (value: object) => void;
  readonly #done: () => void;
  readonly #options: OpenAIStreamOptions;
  readonly #choices: Map<number, Choice> = new Map();
  #head: object | undefined;
  #usage: Usage | undefined;

  constructor(send: (value: object) => void, done: () => void, options: OpenAIStreamOptions) {
    this.#send = send;
    this.#done = done;
    this.#options = options;
  }

  push(delta: Delta): void {
    switch (delta.type) {
      case "start":
        this.#begin(delta);
        this.#choiceOf(0);
        return;
      case "text":
        return this.#write(delta.choice, { content: delta.text });
      case "reasoning":
        return this.#write(delta.choice, { [this.#options.reasoning ?? "reasoning_content"]: delta.text });
      case "refusal":
        return this.#write(delta.choice, { refusal: delta.text });
      case "signature": // as OpenRouter has them
        return this.#write(delta.choice, { reasoning_details: [{ type: "reasoning.text", signature: delta.data }] });
      case "citation":
        return this.#write(delta.choice, { annotations: [delta.data] });
      case "logprobs":
        return this.#write(delta.choice, {}, { logprobs: delta.data });
      case "tool":
        return this.#tool(delta);
      case "finish":
        this.#choiceOf(delta.choice).finish = REASONS[delta.reason] ?? delta.raw;
        return;
      case "usage":
        this.#usage = delta;
    }
  }

  end({ outcome, error }: Ending): void {
    if (error === undefined) for (const [index, choice] of this.#choices) this.#finish(index, choice);
    if (this.#usage !== undefined && this.#options.usage !== false) {
      this.#send({ ...this.#envelope(), choices: [], usage: counts(this.#usage) });
    }
    if (error === undefined) this.#done();
    else this.#send({ error: { type: "upstream_error", param: null, code: outcome, ...error } });
  }

  /** The reason is held back until here: a client that has one takes the answer for whole. */
  #finish(index: number, { calls, finish }: Choice): void {
    for (const call of calls.values()) {
      // A tool without parameters: clients parse the arguments.
      if (!call.hasArguments)
        this.#write(index, { tool_calls: [{ index: call.index, function: { arguments: "{}" } }] });
    }
    this.#write(index, {}, { finish_reason: finish ?? (calls.size > 0 ? "tool_calls" : "stop") });
  }

  #tool({ choice, key, id, name, arguments: text }: ToolDelta): void {
    const { calls } = this.#choiceOf(choice);
    const known = calls.get(key);
    if (known === undefined) {
      const index = calls.size;
      calls.set(key, { index, hasName: name !== undefined, hasArguments: text !== "" });
      const call = { name: name ?? "", arguments: text };
      return this.#write(choice, {
        tool_calls: [{ index, id: id ?? `call_${crypto.randomUUID()}`, type: "function", function: call }],
      });
    }
    const isNamed = name !== undefined && !known.hasName;
    if (text === "" && !isNamed) return;
    known.hasName ||= isNamed;
    known.hasArguments ||= text !== "";
    const call = { ...(isNamed && { name }), arguments: text };
    this.#write(choice, { tool_calls: [{ index: known.index, function: call }] });
  }

  /** The choice, whose first chunk says who speaks. */
  #choiceOf(index: number): Choice {
    const known = this.#choices.get(index);
    if (known !== undefined) return known;
    const choice: Choice = { calls: new Map(), finish: undefined };
    this.#choices.set(index, choice);
    this.#write(index, { role: "assistant", content: "" });
    return choice;
  }

  #write(index: number, delta: object, more: object = {}): void {
    this.#choiceOf(index);
    this.#send({ ...this.#envelope(), choices: [{ index, delta, finish_reason: null, ...more }] });
  }

  #begin({ id, model }: { id?: string; model?: string }): void {
    this.#head ??= {
      id: this.#options.id ?? id ?? `chatcmpl-${crypto.randomUUID()}`,
      object: "chat.completion.chunk",
      created: Math.floor(Date.now() / 1000),
      model: this.#options.model ?? model ?? "",
    };
  }

  #envelope(): object | undefined {
    if (this.#head === undefined) this.#begin({});
    return this.#head;
  }
}

/** Usage in OpenAI's names; what each count holds is the provider's. */
function counts({ input = 0, output = 0, total = input + output, cached, reasoning }: Usage): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}
