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
  knows: ({ object: { response, tool_calls, done } }) =>
    done === undefined && (typeof response === "string" || response === null || Array.isArray(tool_calls)),
  read: (out) => ({
    push({ object: { response, tool_calls, usage } }) {
      out.text(response);
      for (const call of listOf(tool_calls)) out.tool(objectOf(call));
      out.usage(usage);
    },
  }),
};
