import type { Dialect, Meaning } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { listOf, objectOf } from "../values.js";

/**
 * The formats of servers that generate text and know no messages: Text Generation Inference (its own, not the compatible
 * one), whose last frame holds the whole text, Watsonx, and Writer, which has no proof that an answer is whole.
 *
 * @see https://huggingface.co/docs/text-generation-inference
 */
export const generatedText: Dialect = {
  name: "generated-text",
  framings: [sse],
  proof: ["finish"],
  knows({ value }) {
    const { token, results, value: text, ...others } = objectOf(value);
    if (typeof text === "string") return Object.keys(others).length === 0;
    return (
      typeof objectOf(token)["text"] === "string" || typeof objectOf(listOf(results)[0])["generated_text"] === "string"
    );
  },
  read: (out) => ({
    push({ value }) {
      const { token, generated_text, details, results, model_id, value: plain } = objectOf(value);
      out.start(undefined, model_id);
      const { text, special } = objectOf(token);
      out.text(plain);
      if (special !== true) out.text(text);
      for (const result of listOf(results)) readResult(objectOf(result), out);
      if (typeof generated_text !== "string") return;
      out.finish(objectOf(details)["finish_reason"] ?? "stop");
      out.done();
    },
  }),
};

function readResult(result: Readonly<Record<string, unknown>>, out: Meaning): void {
  const { generated_text, stop_reason, generated_token_count, input_token_count } = result;
  out.text(generated_text);
  out.usage({ input_tokens: input_token_count, output_tokens: generated_token_count });
  if (stop_reason !== "not_finished") out.finish(stop_reason);
}
