import type { Dialect } from "../dialect.js";
import { lines } from "../framing/lines.js";
import { sse } from "../framing/sse.js";
import { listOf, objectOf } from "../values.js";

type Value = Readonly<Record<string, unknown>>;

/**
 * Cohere's chat: v2 as events, v1 as lines. The plan that v2 makes before it calls a tool is reasoning.
 *
 * @see https://docs.cohere.com/v2/docs/streaming
 */
export const cohere: Dialect = {
  name: "cohere",
  framings: [sse, lines],
  proof: ["sentinel"],
  knows: ({ object, type }) =>
    typeof object["is_finished"] === "boolean" ||
    /^(message|content|tool-plan|tool-call|citation)-(start|delta|end)$/.test(type),
  read(out) {
    function readV2(type: string, { id, index, delta }: Value): void {
      const { message, finish_reason, usage } = objectOf(delta);
      const { content, tool_plan, tool_calls, citations } = objectOf(message);
      const { text, thinking } = objectOf(content);
      if (type === "message-start") out.start(id, undefined);
      out.text(thinking ?? tool_plan, 0, "reasoning");
      out.text(text);
      if (/^tool-call-(start|delta)/.test(type)) out.tool({ ...objectOf(tool_calls), index });
      out.citation(citations);
      if (type !== "message-end") return;
      out.usage(usage);
      out.finish(finish_reason);
      out.done(); // proof, with or without the [DONE] that follows
    }

    function readV1(event: Value): void {
      const { event_type, generation_id, is_finished, text, tool_calls, citations, finish_reason, response } = event;
      out.start(generation_id, undefined);
      if (is_finished === true) {
        const { tokens, billed_units } = objectOf(objectOf(response)["meta"]);
        out.usage(tokens ?? billed_units);
        out.usage(event["amazon-bedrock-invocationMetrics"]);
        out.finish(finish_reason);
        return out.done();
      }
      out.text(text);
      out.citation(citations);
      for (const call of listOf(tool_calls)) {
        const { name, parameters } = objectOf(call);
        out.tool({ name, arguments: parameters });
      }
      if (event_type === "search-results") out.unknown(event);
    }

    return { push: ({ object, type }) => ("is_finished" in object ? readV1(object) : readV2(type, object)) };
  },
};
