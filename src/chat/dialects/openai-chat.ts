import type { Dialect, Meaning } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, listOf, objectOf } from "../values.js";

interface Chunk {
  id?: unknown;
  model?: unknown;
  choices: (Choice | null)[];
  usage?: unknown;
  x_groq?: { usage?: unknown } | null;
  citations?: unknown;
  search_results?: unknown;
}

interface Choice {
  index?: number | null;
  delta?: Readonly<Record<string, unknown>> | null;
  text?: unknown;
  finish_reason?: unknown;
  logprobs?: unknown;
  error?: unknown;
}

interface CallPart {
  index?: number | null;
  id?: string | null;
  name?: string | null;
  function?: { name?: string | null; arguments?: unknown } | null;
}

/** What stands in a delta and is no content. */
const ASIDE: ReadonlySet<string> = new Set(["role", "token_id", "channel", "name", "reasoning_details"]);

/**
 * Chat completions as OpenAI began them: Together, Groq, Mistral, DeepSeek, OpenRouter, xAI, Perplexity, Azure, vLLM,
 * llama.cpp, Fireworks, and the compatible faces of Workers AI, Ollama and Gemini.
 *
 * Passed over are text doubled in `choices[].text`, the cumulative `choices[].message`, and what is about the request
 * rather than the answer (timings, fingerprints, filter results, padding).
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 */
export const openaiChat: Dialect = {
  name: "openai-chat",
  framings: [sse],
  proof: ["sentinel", "finish"],
  knows({ value }) {
    const { choices } = objectOf(value);
    return Array.isArray(choices) && !choices.some(isWhole);
  },
  read: (out) => ({
    push({ value }) {
      const chunk = value as Chunk; // as `knows` has seen; the rest is read with care
      out.start(chunk.id, chunk.model);
      for (const choice of chunk.choices) if (choice !== null) readChoice(choice, out);
      out.usage(chunk.usage);
      out.usage(chunk.x_groq?.usage);
      for (const each of [...listOf(chunk.citations), ...listOf(chunk.search_results)]) out.citation(each);
    },
  }),
};

/** Whether a choice is that of an answer which was not streamed. */
function isWhole(choice: unknown): boolean {
  const { message, delta, text } = objectOf(choice);
  return message !== undefined && delta === undefined && text === undefined;
}

function readChoice({ index, delta, text, finish_reason, logprobs, error }: Choice, out: Meaning): void {
  if (isSomething(error)) out.fail(error);
  if (delta === undefined || delta === null) out.text(text, index);
  else {
    readReasoning(delta, index, out);
    for (const [key, value] of Object.entries(delta)) readField(key, value, index, out);
  }
  out.logprobs(logprobs, index);
  out.finish(finish_reason, index);
}

/** Reasoning comes under one of three names, and often under two at once. */
function readReasoning(delta: Readonly<Record<string, unknown>>, choice: Choice["index"], out: Meaning): void {
  const { reasoning_content, reasoning, reasoning_details } = delta;
  const plain = isSomething(reasoning_content) ? reasoning_content : reasoning;
  out.text(plain, choice, "reasoning");
  for (const detail of listOf(reasoning_details)) {
    const { text, summary, signature, data } = objectOf(detail);
    if (!isSomething(plain)) out.text(text ?? summary, choice, "reasoning");
    out.signature(signature, choice);
    if (isSomething(data)) out.unknown(detail); // encrypted
  }
}

function readField(key: string, value: unknown, choice: Choice["index"], out: Meaning): void {
  switch (key) {
    case "content":
      return readContent(value, choice, out);
    case "refusal":
      return out.text(value, choice, "refusal");
    case "tool_calls":
      for (const part of listOf(value)) readCall(part as CallPart, choice, out);
      return;
    case "function_call": // before there were tools
      return isSomething(value)
        ? readCall({ index: 0, function: value as CallPart["function"] & {} }, choice, out)
        : undefined;
    case "annotations":
      for (const each of listOf(value)) out.citation(each, choice);
      return;
    case "reasoning_content":
    case "reasoning":
      if (isSomething(value) && typeof value !== "string") out.unknown({ [key]: value });
      return;
    default:
      if (isSomething(value) && !ASIDE.has(key)) out.unknown({ [key]: value }); // audio, images, what servers executed
  }
}

/** Text, or a list of parts in which Mistral has its thinking. */
function readContent(value: unknown, choice: Choice["index"], out: Meaning): void {
  if (typeof value === "string") return out.text(value, choice);
  for (const part of listOf(value)) {
    const { type, text, thinking } = objectOf(part);
    if (type === "thinking")
      for (const each of listOf(thinking)) out.text(objectOf(each)["text"] ?? each, choice, "reasoning");
    else if (typeof text === "string") out.text(text, choice);
    else out.unknown(part);
  }
}

function readCall({ index, id, name, function: called }: CallPart, choice: Choice["index"], out: Meaning): void {
  out.tool({ choice, index, id, name: called?.name ?? name, arguments: called?.arguments });
}
