import type { Dialect, Meaning } from "../dialect.js";
import { jsonArray } from "../framing/json-array.js";
import { sse } from "../framing/sse.js";
import { isObject, isSomething, listOf, objectOf } from "../values.js";
import { GeminiCalls } from "./gemini-calls.js";

/** The finish reasons of Vertex, which some of its faces send as numbers. */
const REASONS =
  "FINISH_REASON_UNSPECIFIED STOP MAX_TOKENS SAFETY RECITATION OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL".split(
    " ",
  );

interface Part {
  text?: unknown;
  thought?: unknown;
  thoughtSignature?: unknown;
  functionCall?: { id?: string; name?: string; args?: unknown; partialArgs?: unknown; willContinue?: unknown } | null;
}

/**
 * Gemini's generateContent, of Google AI and Vertex, as events (`alt=sse`) or as a bare array. A prompt that was blocked is
 * a finish for its filter. Images, code and its results arrive as `unknown`.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export const gemini: Dialect = {
  name: "gemini",
  framings: [sse, jsonArray],
  proof: ["finish"],
  knows({ value }) {
    const { candidates, promptFeedback, usageMetadata } = objectOf(value);
    return Array.isArray(candidates) || isObject(promptFeedback) || isObject(usageMetadata);
  },
  read(out) {
    const open = new GeminiCalls(out);
    return {
      push({ value }) {
        const { candidates, promptFeedback, usageMetadata, responseId, modelVersion } = objectOf(value);
        out.start(responseId, modelVersion);
        out.finish(objectOf(promptFeedback)["blockReason"]);
        for (const candidate of listOf(candidates)) readCandidate(objectOf(candidate), open, out);
        out.usage(usageMetadata);
      },
      end: () => open.end(),
    };
  },
};

function readCandidate(candidate: Readonly<Record<string, unknown>>, open: GeminiCalls, out: Meaning): void {
  const { content, finishReason, groundingMetadata, citationMetadata, logprobsResult } = candidate;
  const choice = Number(candidate["index"] ?? 0);
  for (const part of listOf(objectOf(content)["parts"])) readPart(part as Part, choice, open, out);
  for (const each of [groundingMetadata, citationMetadata]) out.citation(each, choice);
  out.logprobs(logprobsResult, choice);
  if (isSomething(finishReason)) open.end();
  out.finish(typeof finishReason === "number" ? (REASONS[finishReason] ?? String(finishReason)) : finishReason, choice);
}

function readPart(part: Part, choice: number, open: GeminiCalls, out: Meaning): void {
  const { text, thought, thoughtSignature, functionCall } = part;
  if (isObject(functionCall)) open.read(functionCall, choice);
  else if (typeof text === "string") out.text(text, choice, thought === true ? "reasoning" : "text");
  else if (Object.keys(part).some((key) => !key.startsWith("thought"))) out.unknown(part);
  out.signature(thoughtSignature, choice);
}
