import { type Dialect, listOf, type Meaning, objectOf } from "../dialect.js";
import { sse } from "../framing/sse.js";

/**
 * The formats of servers that generate text and know no messages: Text Generation Inference (its own, not the compatible
 * one), whose last frame holds the whole text, and Watsonx.
 *
 * @see https://huggingface.co/docs/text-generation-inference
 */
export const generatedText: Dialect = {
  name: "generated-text",
  framings: [sse],
  proof: ["finish"],
  knows({ value }) {
    const { token, results } = objectOf(value);
    return (
      typeof objectOf(token)["text"] === "string" || typeof objectOf(listOf(results)[0])["generated_text"] === "string"
    );
  },
  read: (out) => ({
    push({ value }) {
      const { token, generated_text, details, results, model_id } = objectOf(value);
      out.start(undefined, model_id);
      const { text, special } = objectOf(token);
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
