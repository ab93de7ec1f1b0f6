import type { Dialect } from "../dialect.js";
import { jsonArray } from "../framing/json-array.js";
import { sse } from "../framing/sse.js";
import { isObject, isSomething, listOf, objectOf } from "../values.js";
import { geminiCalls } from "./gemini-calls.js";

/** The finish reasons of Vertex, which some of its faces send as numbers. */
const REASONS: readonly string[] =
  /* @__PURE__ */ "FINISH_REASON_UNSPECIFIED STOP MAX_TOKENS SAFETY RECITATION OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL".split(
    " ",
  );

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
  knows: ({ object: { candidates, promptFeedback, usageMetadata } }) =>
    Array.isArray(candidates) || isObject(promptFeedback) || isObject(usageMetadata),
  read(out) {
    const calls = geminiCalls(out);

    function readPart(part: Readonly<Record<string, unknown>>, choice: number): void {
      const { text, thought, thoughtSignature, functionCall } = part;
      if (isObject(functionCall)) calls.read(functionCall, choice);
      else if (typeof text === "string") out.text(text, choice, thought === true ? "reasoning" : "text");
      else if (Object.keys(part).some((key) => !key.startsWith("thought"))) out.unknown(part);
      out.signature(thoughtSignature, choice);
    }

    return {
      push({ object }) {
        out.start(object["responseId"], object["modelVersion"]);
        out.finish(objectOf(object["promptFeedback"])["blockReason"]);
        for (const candidate of listOf(object["candidates"])) {
          const { index, content, finishReason, groundingMetadata, citationMetadata, logprobsResult } =
            objectOf(candidate);
          const choice = Number(index ?? 0);
          for (const part of listOf(objectOf(content)["parts"])) readPart(objectOf(part), choice);
          out.citation(groundingMetadata, choice);
          out.citation(citationMetadata, choice);
          out.logprobs(logprobsResult, choice);
          if (isSomething(finishReason)) calls.end();
          out.finish(
            typeof finishReason === "number" ? (REASONS[finishReason] ?? String(finishReason)) : finishReason,
            choice,
          );
        }
        out.usage(object["usageMetadata"]);
      },
      end: calls.end,
    };
  },
};
