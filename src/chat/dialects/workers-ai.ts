import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { listOf, objectOf } from "../values.js";

/**
 * The native format of Workers AI: `{"response": "…"}`, closed by `[DONE]`. Its newer models speak `openaiChat`.
 *
 * @see https://developers.cloudflare.com/workers-ai/
 */
export const workersAI: Dialect = {
  name: "workers-ai",
  framings: [sse],
  proof: ["sentinel"],
  knows({ value }) {
    const { response, tool_calls, done } = objectOf(value);
    return done === undefined && (typeof response === "string" || response === null || Array.isArray(tool_calls));
  },
  read: (out) => ({
    push({ value }) {
      const { response, tool_calls, usage } = objectOf(value);
      out.text(response);
      for (const call of listOf(tool_calls)) {
        const { name, arguments: whole, index, id } = objectOf(call);
        out.tool({ index, id, name, arguments: whole });
      }
      out.usage(usage);
    },
  }),
};
