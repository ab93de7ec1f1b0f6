import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isObject, isSomething, listOf, objectOf } from "../values.js";

type Value = Readonly<Record<string, unknown>>;

/** What stands in a delta and is no content, or has been read already. */
const ASIDE: ReadonlySet<string> = /* @__PURE__ */ new Set(
  "role token_id channel name reasoning reasoning_content reasoning_details content refusal tool_calls function_call annotations".split(
    " ",
  ),
);

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
  knows({ object: { choices } }) {
    return Array.isArray(choices) && !choices.some(isWhole);
  },
  read(out) {
    function readChoice({ index, delta, text, finish_reason, logprobs, error }: Value): void {
      const choice = Number(index ?? 0);
      if (isSomething(error)) out.fail(error);
      if (isObject(delta)) readDelta(delta, choice);
      else out.text(text, choice);
      out.logprobs(logprobs, choice);
      out.finish(finish_reason, choice);
    }

    function readDelta(delta: Value, choice: number): void {
      const { content, refusal, tool_calls, function_call, annotations } = delta;
      readReasoning(delta, choice);
      for (const part of listOf(content)) readContent(part, choice);
      out.text(refusal, choice, "refusal");
      for (const part of listOf(tool_calls)) out.tool(objectOf(part), choice);
      if (isSomething(function_call)) out.tool({ index: 0, function: function_call }, choice); // before there were tools
      out.citation(annotations, choice);
      for (const key in delta) {
        if (!ASIDE.has(key) && isSomething(delta[key])) out.unknown({ [key]: delta[key] }); // audio, images, what servers executed
      }
    }

    /** Reasoning comes under one of three names, and often under two at once. */
    function readReasoning({ reasoning_content, reasoning, reasoning_details }: Value, choice: number): void {
      const plain = isSomething(reasoning_content) ? reasoning_content : reasoning;
      if (typeof plain === "string") out.text(plain, choice, "reasoning");
      else if (isSomething(plain)) out.unknown({ reasoning: plain });
      for (const detail of listOf(reasoning_details)) {
        const { text, summary, signature, data } = objectOf(detail);
        if (!isSomething(plain)) out.text(text ?? summary, choice, "reasoning");
        out.signature(signature, choice);
        if (isSomething(data)) out.unknown(detail); // encrypted
      }
    }

    /** Text, or one of the parts in which Mistral has its thinking. */
    function readContent(part: unknown, choice: number): void {
      const { type, text = part, thinking } = objectOf(part);
      if (type === "thinking")
        for (const each of listOf(thinking)) out.text(objectOf(each)["text"] ?? each, choice, "reasoning");
      else if (typeof text === "string") out.text(text, choice);
      else out.unknown(part);
    }

    return {
      push({ object: { id, model, choices, usage, x_groq, citations, search_results } }) {
        out.start(id, model);
        for (const choice of listOf(choices)) readChoice(objectOf(choice));
        out.usage(usage);
        out.usage(objectOf(x_groq)["usage"]);
        out.citation(citations);
        out.citation(search_results);
      },
    };
  },
};

/** Whether a choice is that of an answer which was not streamed. */
function isWhole(choice: unknown): boolean {
  const { message, delta, text } = objectOf(choice);
  return message !== undefined && delta === undefined && text === undefined;
}
