import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, objectOf } from "../values.js";

/**
 * Gemini's Interactions: steps of thought and output, as named events. What servers do themselves arrives as `unknown`.
 *
 * @see https://ai.google.dev/gemini-api/docs/interactions
 */
export const geminiInteractions: Dialect = {
  name: "gemini-interactions",
  framings: [sse],
  proof: [],
  knows: ({ value, name }) => /^(interaction|step)\./.test(String(objectOf(value)["event_type"] ?? name)),
  read: (out) => ({
    push({ value, name }) {
      const event = objectOf(value);
      const { id, model, usage, status } = objectOf(event["interaction"]);
      const { type, text, signature, ...rest } = objectOf(event["delta"]);
      out.start(id, model);
      switch (event["event_type"] ?? name) {
        case "step.delta":
          out.signature(signature);
          if (text !== undefined) out.text(text, 0, /thought/.test(String(type)) ? "reasoning" : "text");
          else if (signature === undefined && isSomething(rest)) out.unknown(event);
          return;
        case "interaction.completed":
          out.usage(usage);
          out.finish(status);
          out.done();
      }
    },
  }),
};
