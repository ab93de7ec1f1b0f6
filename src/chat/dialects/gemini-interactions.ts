import type { Dialect, Frame } from "../dialect.js";
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
  knows: (frame) => /^(interaction|step)\./.test(typeOf(frame)),
  read: (out) => ({
    push(frame) {
      const type = typeOf(frame);
      const { id, model, usage, status } = objectOf(frame.object["interaction"]);
      const { type: kind, text, signature, ...rest } = objectOf(frame.object["delta"]);
      out.start(id, model);
      if (type === "step.delta") {
        out.signature(signature);
        if (text !== undefined) out.text(text, 0, /thought/.test(String(kind)) ? "reasoning" : "text");
        else if (signature === undefined && isSomething(rest)) out.unknown(frame.value);
      } else if (type === "interaction.completed") {
        out.usage(usage);
        out.finish(status);
        out.done();
      }
    },
  }),
};

function typeOf({ object, name }: Frame): string {
  return String(object["event_type"] ?? name);
}
