import type { Usage } from "./delta.js";
import { isObject } from "./values.js";

type Count = "input" | "output" | "reasoning" | "cached" | "total";

/** Every name that providers have for a count, `/` between a container and what it holds. */
const NAMES: Readonly<Record<Count, string>> = {
  input:
    "prompt_tokens input_tokens promptTokenCount inputTokens prompt_eval_count total_input_tokens inputTokenCount prompt_token_count tokens/input_tokens inputTextTokenCount",
  output:
    "completion_tokens output_tokens candidatesTokenCount outputTokens eval_count total_output_tokens outputTokenCount generation_token_count tokens/output_tokens",
  reasoning:
    "completion_tokens_details/reasoning_tokens output_tokens_details/reasoning_tokens output_tokens_details/thinking_tokens thoughtsTokenCount total_thought_tokens tokens/reasoning_tokens reasoning_tokens outputTokenDetails/reasoningTokens",
  cached:
    "prompt_tokens_details/cached_tokens input_tokens_details/cached_tokens cache_read_input_tokens cachedContentTokenCount cacheReadInputTokens total_cached_tokens prompt_cache_hit_tokens cached_tokens inputTokenDetails/cacheReadTokens",
  total: "total_tokens totalTokenCount totalTokens",
};
const COUNTS: readonly Count[] = ["input", "output", "reasoning", "cached", "total"];
const PATHS = COUNTS.map((count) => ({ count, paths: NAMES[count].split(" ").map((path) => path.split("/")) }));

/** The usage so far with what `raw` adds: field by field, and a zero never overwrites. */
export function mergeUsage(before: Usage | undefined, raw: unknown): Usage {
  const usage: Usage = { ...before, raw };
  for (const { count, paths } of PATHS) {
    for (const path of paths) {
      const value = at(raw, path);
      if (typeof value !== "number") continue;
      if (value !== 0 || usage[count] === undefined) usage[count] = value;
      if (value !== 0) break;
    }
  }
  return usage;
}

function at(value: unknown, path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    if (!isObject(inner)) return undefined;
    inner = inner[key];
  }
  return inner;
}
