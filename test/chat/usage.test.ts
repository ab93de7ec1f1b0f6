// Every provider's names for what was spent, as the recorded streams have them, and what only looks like them.
import { expect, test } from "vitest";
import { DONE, messageOf, stop } from "./helpers.ts";

test.for<[string, object, object]>([
  [
    "OpenAI",
    {
      prompt_tokens: 9,
      completion_tokens: 4,
      total_tokens: 13,
      prompt_tokens_details: { cached_tokens: 3, audio_tokens: 70 },
      completion_tokens_details: { reasoning_tokens: 2, audio_tokens: 71, accepted_prediction_tokens: 72 },
    },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "OpenAI's Responses",
    {
      input_tokens: 9,
      output_tokens: 4,
      total_tokens: 13,
      input_tokens_details: { cached_tokens: 3, text_tokens: 70 },
      output_tokens_details: { reasoning_tokens: 2 },
    },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "Anthropic",
    {
      input_tokens: 9,
      cache_creation_input_tokens: 70,
      cache_read_input_tokens: 3,
      cache_creation: { ephemeral_5m_input_tokens: 71 },
      output_tokens: 4,
      output_tokens_details: { thinking_tokens: 2 },
      server_tool_use: { web_search_requests: 72 },
    },
    { input: 9, output: 4, cached: 3, reasoning: 2 },
  ],
  [
    "Gemini",
    {
      promptTokenCount: 9,
      candidatesTokenCount: 4,
      totalTokenCount: 13,
      thoughtsTokenCount: 2,
      cachedContentTokenCount: 3,
      toolUsePromptTokenCount: 70,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: 71 }],
    },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "Gemini in the names of its protocol buffers",
    {
      prompt_token_count: 9,
      candidates_token_count: 4,
      total_token_count: 13,
      thoughts_token_count: 2,
      cached_content_token_count: 3,
      tool_use_prompt_token_count: 70,
    },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "the AI SDK's fifth version",
    { inputTokens: 9, outputTokens: 4, totalTokens: 13, reasoningTokens: 2, cachedInputTokens: 3 },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "Gemini's interactions",
    {
      total_input_tokens: 9,
      total_output_tokens: 4,
      total_thought_tokens: 2,
      total_cached_tokens: 3,
      total_tool_use_tokens: 70,
      total_tokens: 13,
    },
    { input: 9, output: 4, total: 13, cached: 3, reasoning: 2 },
  ],
  [
    "Cohere, of which what is billed is less",
    { billed_units: { input_tokens: 70, output_tokens: 71 }, tokens: { input_tokens: 9, output_tokens: 4 } },
    { input: 9, output: 4 },
  ],
  ["Ollama", { prompt_eval_count: 9, eval_count: 4, eval_duration: 70 }, { input: 9, output: 4 }],
  [
    "Bedrock",
    { inputTokens: 9, outputTokens: 4, totalTokens: 13, cacheReadInputTokens: 3, cacheWriteInputTokens: 70 },
    { input: 9, output: 4, total: 13, cached: 3 },
  ],
  ["Bedrock's invoke", { inputTokenCount: 9, outputTokenCount: 4, invocationLatency: 70 }, { input: 9, output: 4 }],
  ["Llama and Titan", { prompt_token_count: 9, generation_token_count: 4 }, { input: 9, output: 4 }],
  ["Watsonx", { input_token_count: 9, generated_token_count: 4 }, { input: 9, output: 4 }],
  [
    "DeepSeek",
    { prompt_tokens: 9, completion_tokens: 4, prompt_cache_hit_tokens: 3, prompt_cache_miss_tokens: 70 },
    { input: 9, output: 4, cached: 3 },
  ],
  ["Perplexity", { prompt_tokens: 9, completion_tokens: 4, citation_tokens: 70 }, { input: 9, output: 4 }],
])("%s", async ([, usage, counts]) => {
  expect((await messageOf(stop("stop", { usage }) + DONE)).usage).toEqual({ ...counts, raw: usage });
});
