import type { Dialect } from "../dialect.js";
import { lines } from "../framing/lines.js";
import { listOf, objectOf } from "../values.js";

/**
 * Ollama's own chat and generate, as lines; `done: true` is the end. Its OpenAI-compatible face is `openaiChat`'s.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export const ollama: Dialect = {
  name: "ollama",
  framings: [lines],
  proof: [],
  knows: ({ object }) => typeof object["done"] === "boolean",
  read: (out) => ({
    push({ object }) {
      const { model, message, response, thinking, done, done_reason, context: _, ...rest } = object;
      const { content, thinking: thought, tool_calls, images } = objectOf(message);
      out.start(undefined, model);
      out.text(thought ?? thinking, 0, "reasoning");
      out.text(content ?? response);
      for (const call of listOf(tool_calls)) out.tool(objectOf(call));
      for (const image of listOf(images)) out.unknown({ image });
      if (done !== true) return;
      out.usage(rest);
      out.finish(done_reason ?? "stop"); // older servers give no reason
      out.done();
    },
  }),
};
