import type { Delta, Finish, TextDelta, ToolDelta, Usage } from "../chat/delta.js";
import { encodeSSE } from "../sse/encode.js";
import { bodyOf, type Writer } from "./body.js";
import { checkOnError, concluded, type Ending, type ErrorOptions, type Script } from "./ending.js";
import { comments, type HeartbeatOptions } from "./heartbeat.js";
import { EVENT_STREAM, type ResponseOptions, streamed } from "./response.js";
import { openValues, type Values } from "./source.js";

/** Options of `uiMessageStream`. */
export interface UIMessageStreamOptions extends HeartbeatOptions, ErrorOptions {
  /** The message's id in the page; the page makes one, or goes on with the one it has, unless told otherwise. */
  messageId?: string;
  /** Whether `{ id, model, usage, outcome, via }` goes along as the message's metadata; true unless told otherwise. */
  metadata?: boolean;
}

/** Options of `uiMessageResponse`. */
export interface UIMessageResponseOptions extends UIMessageStreamOptions, ResponseOptions {}

/**
 * Sends an answer, whoever gives it, as the UI message stream (version 1) that `useChat` of Vercel's AI SDK reads, as one
 * step of one message: text, reasoning, tool calls, citations as sources, and the finish reason.
 *
 * A tool's input is available, and so executed, only when the whole answer was whole. One that was not ends in an `error`,
 * with which `useChat` has the status "error", or in `abort` when it was stopped on the server; `finish` and `[DONE]` then
 * do not come. Only the first choice is sent; `logprobs` and `unknown` deltas are not.
 *
 * @param answer an Answer, or its deltas from a Flow or a stream; it is claimed at once, and read when the response is
 * @throws TypeError when `answer` is neither, or in use, or an option is not what it should be
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 *
 * @example
 * ```ts
 * import { chat, uiMessages } from "sluice/chat";
 * import { uiMessageResponse } from "sluice/serve";
 *
 * const ollama = '{"model":"m","message":{"content":"Hi"},"done":true,"done_reason":"stop"}\n';
 * const response = uiMessageResponse(chat(ollama));
 * console.log(response.headers.get("x-vercel-ai-ui-message-stream")); // → v1
 * const { text, outcome } = await chat(response, { dialect: uiMessages }).message();
 * console.log(text, outcome); // → Hi complete
 * ```
 */
export function uiMessageResponse(answer: Values<Delta>, options: UIMessageResponseOptions = {}): Response {
  const headers = new Headers(options.headers);
  if (!headers.has(VERSION)) headers.set(VERSION, "v1");
  return streamed(() => uiMessageStream(answer, options), EVENT_STREAM, { ...options, headers });
}

const VERSION = "x-vercel-ai-ui-message-stream";

/**
 * The body of `uiMessageResponse`, for a response of your own, which must have the header
 * `x-vercel-ai-ui-message-stream: v1`.
 * @throws TypeError as `uiMessageResponse`
 */
export function uiMessageStream(
  answer: Values<Delta>,
  options: UIMessageStreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const beat = comments(options.heartbeat); // first: a source is not claimed in vain
  checkOnError(options.onError);
  const connect = (push: (bytes: Uint8Array) => void): Writer<Delta> => {
    const events = encodeSSE({ sentinel: "[DONE]" }).connect({ push, end: () => undefined });
    const script = new Step((chunk) => events.push(JSON.stringify(chunk)), events.end, options);
    return concluded(script, "truncated", options.onError);
  };
  return bodyOf(openValues("uiMessageStream", answer), connect, beat);
}

/** A chunk of the protocol; the `ai` package has the types and the schema, by which the tests judge. */
type Chunk = { type: string; [field: string]: unknown };

interface Call {
  id: string;
  name: string | undefined;
  arguments: string[];
}

const REASONS: Readonly<Record<Finish["reason"], string>> = {
  stop: "stop",
  length: "length",
  tool: "tool-calls",
  "content-filter": "content-filter",
  other: "other",
};

/** Writes deltas as the chunks of one step. */
class Step implements Script<Delta> {
  readonly #send: (chunk: Chunk) => void;
  readonly #done: () => void;
  readonly #options: UIMessageStreamOptions;
  readonly #calls: Map<string, Call> = new Map();
  #isBegun = false;
  #parts = 0;
  #open: { type: TextDelta["type"]; id: string } | undefined;
  #finish: Finish | undefined;
  #usage: Usage | undefined;

  constructor(send: (chunk: Chunk) => void, done: () => void, options: UIMessageStreamOptions) {
    this.#send = send;
    this.#done = done;
    this.#options = options;
  }

  push(delta: Delta): void {
    if ("choice" in delta && delta.choice !== 0) return;
    switch (delta.type) {
      case "start":
        return this.#begin(delta);
      case "text":
      case "reasoning":
      case "refusal":
        return this.#write(`${voiceOf(delta.type)}-delta`, { id: this.#part(delta.type), delta: delta.text });
      case "signature": {
        this.#part("reasoning");
        return this.#close({ providerMetadata: { sluice: { signature: delta.data } } });
      }
      case "tool":
        return this.#tool(delta);
      case "citation":
        return this.#citation(delta.data);
      case "finish":
        this.#finish = delta;
        return;
      case "usage":
        this.#usage = delta;
    }
  }

  end({ outcome, via, error }: Ending): void {
    this.#close();
    for (const call of this.#calls.values()) this.#input(call, error?.message);
    const messageMetadata = this.#metadata({ usage: this.#usage && counts(this.#usage), outcome, via });
    if (error === undefined) {
      this.#write("finish-step");
      this.#write("finish", { finishReason: this.#finish && REASONS[this.#finish.reason], messageMetadata });
      return this.#done();
    }
    if (messageMetadata !== undefined) this.#write("message-metadata", { messageMetadata });
    if (outcome === "aborted") this.#write("abort", { reason: error.message });
    else this.#write("error", { errorText: error.message });
  }

  #begin({ id, model }: { id?: string; model?: string } = {}): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    const messageMetadata = id === undefined && model === undefined ? undefined : this.#metadata({ id, model });
    this.#write("start", { messageId: this.#options.messageId, messageMetadata });
    this.#write("start-step");
  }

  #write(type: string, fields: object = {}): void {
    this.#begin();
    this.#send({ type, ...fields });
  }

  #metadata(fields: object): object | undefined {
    return this.#options.metadata === false ? undefined : fields;
  }

  /** The part that text of this kind goes on in, opened if another one is. @returns its id */
  #part(type: TextDelta["type"]): string {
    if (this.#open?.type === type) return this.#open.id;
    this.#close();
    this.#begin();
    const id = String(this.#parts++);
    this.#open = { type, id };
    // The protocol has no refusals: the page shows them as text.
    const more = type === "refusal" ? { providerMetadata: { sluice: { refusal: true } } } : {};
    this.#write(`${voiceOf(type)}-start`, { id, ...more });
    return id;
  }

  #close(more: object = {}): void {
    if (this.#open === undefined) return;
    const { type, id } = this.#open;
    this.#open = undefined;
    this.#write(`${voiceOf(type)}-end`, { id, ...more });
  }

  #tool({ key, id, name, arguments: text }: ToolDelta): void {
    let call = this.#calls.get(key);
    if (call === undefined) {
      this.#close();
      call = { id: id ?? `call_${crypto.randomUUID()}`, name: undefined, arguments: [] };
      this.#calls.set(key, call);
    }
    const said = call.arguments.length;
    if (text !== "") call.arguments.push(text);
    if (call.name === undefined) {
      if (name === undefined) return; // what has come waits for it
      call.name = name;
      this.#write("tool-input-start", { toolCallId: call.id, toolName: name });
      const waiting = call.arguments.join("");
      if (waiting !== "") this.#write("tool-input-delta", { toolCallId: call.id, inputTextDelta: waiting });
    } else if (call.arguments.length > said) {
      this.#write("tool-input-delta", { toolCallId: call.id, inputTextDelta: text });
    }
  }

  /** Says what a call's input is, now that it is known to be whole, or that there is none. */
  #input({ id, name, arguments: parts }: Call, problem: string | undefined): void {
    const fields = { toolCallId: id, toolName: name ?? "unknown" };
    const text = parts.join("");
    const input = problem === undefined ? inputOf(text) : undefined;
    const errorText =
      problem ??
      (name === undefined ? "This call has no name" : undefined) ??
      (input === undefined ? "The arguments of this call are not JSON" : undefined);
    if (errorText === undefined) this.#write("tool-input-available", { ...fields, input });
    else this.#write("tool-input-error", { ...fields, input: text, errorText });
  }

  /** A source, where there is an address; else data, which the page may show. */
  #citation(citation: unknown): void {
    const { url, title } = typeof citation === "string" ? { url: citation } : fieldsOf(citation);
    if (typeof url !== "string" || !/^https?:/.test(url)) return this.#write("data-citation", { data: citation });
    this.#write("source-url", {
      sourceId: `source-${this.#parts++}`,
      url,
      ...(typeof title === "string" && { title }),
      providerMetadata: { sluice: { citation } },
    });
  }
}

const voiceOf = (type: TextDelta["type"]): string => (type === "reasoning" ? "reasoning" : "text");

/** What whole arguments say, undefined if they are no JSON; those of a tool without parameters can be empty. */
function inputOf(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): { url?: unknown; title?: unknown } {
  return typeof value === "object" && value !== null ? value : {};
}

/** Usage in the AI SDK's names; what each count holds is the provider's. */
function counts({ input, output, total, cached, reasoning }: Usage): object {
  return {
    inputTokens: input,
    inputTokenDetails: { cacheReadTokens: cached },
    outputTokens: output,
    outputTokenDetails: { reasoningTokens: reasoning },
    totalTokens: total,
  };
}
