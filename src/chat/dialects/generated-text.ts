import type { Dialect } from "../dialect.js";
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
  knows({ object }) {
    const { token, results, value, ...others } = object;
    if (typeof value === "string") return Object.keys(others).length === 0;
    return [objectOf(token)["text"], objectOf(listOf(results)[0])["generated_text"]].some(
      (text) => typeof text === "string",
    );
  },
  read: (out) => ({
    push({ object }) {
      const { token, generated_text, details, results, model_id, value } = object;
      const { text, special } = objectOf(token);
      out.start(undefined, model_id);
      out.text(value);
      if (special !== true) out.text(text);
      for (const result of listOf(results)) {
        const { generated_text: part, stop_reason, ...counts } = objectOf(result);
        out.text(part);
        out.usage(counts);
        if (stop_reason !== "not_finished") out.finish(stop_reason);
      }
      if (typeof generated_text !== "string") return;
      out.finish(objectOf(details)["finish_reason"] ?? "stop");
      out.done();
    },
  }),
};
