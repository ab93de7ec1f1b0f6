import type { Dialect, Meaning } from "../dialect.js";
import { lines } from "../framing/lines.js";
import { sse } from "../framing/sse.js";
import { listOf, objectOf } from "../values.js";

type Value = Readonly<Record<string, unknown>>;

const EVENT = /^(message|content|tool-plan|tool-call|citation)-(start|delta|end)$/;

/**
 * Cohere's chat: v2 as events, v1 as lines. The plan that v2 makes before it calls a tool is reasoning.
 *
 * @see https://docs.cohere.com/v2/docs/streaming
 */
export const cohere: Dialect = {
  name: "cohere",
  framings: [sse, lines],
  proof: ["sentinel"],
  knows({ value, name }) {
    const { type = name, is_finished } = objectOf(value);
    return typeof is_finished === "boolean" || EVENT.test(String(type));
  },
  read: (out) => ({
    push({ value, name }) {
      const event = objectOf(value);
      if ("is_finished" in event) readV1(event, out);
      else readV2(String(event["type"] ?? name), event, out);
    },
  }),
};

function readV2(type: string, event: Value, out: Meaning): void {
  const { index, delta } = event;
  const { message, finish_reason, usage } = objectOf(delta);
  const { content, tool_plan, tool_calls, citations } = objectOf(message);
  switch (type) {
    case "message-start":
      return out.start(event["id"], undefined);
    case "content-start":
    case "content-delta":
      out.text(objectOf(content)["thinking"], 0, "reasoning");
      return out.text(objectOf(content)["text"]);
    case "tool-plan-delta":
      return out.text(tool_plan, 0, "reasoning");
    case "tool-call-start":
    case "tool-call-delta": {
      const call = objectOf(tool_calls);
      const called = objectOf(call["function"]);
      return out.tool({ index, id: call["id"], name: called["name"], arguments: called["arguments"] });
    }
    case "citation-start":
      for (const each of listOf(citations)) out.citation(each);
      return;
    case "message-end":
      out.usage(usage);
      out.finish(finish_reason);
      out.done(); // proof, with or without the [DONE] that follows
  }
}

function readV1(event: Value, out: Meaning): void {
  const { event_type, text, tool_calls, citations, finish_reason, response } = event;
  out.start(event["generation_id"], undefined);
  if (event["is_finished"] !== true) {
    out.text(text);
    for (const each of listOf(citations)) out.citation(each);
    for (const call of listOf(tool_calls)) {
      const { name, parameters } = objectOf(call);
      out.tool({ name, arguments: parameters });
    }
    if (event_type === "search-results") out.unknown(event);
    return;
  }
  const { tokens, billed_units } = objectOf(objectOf(response)["meta"]);
  out.usage(tokens ?? billed_units);
  out.usage(event["amazon-bedrock-invocationMetrics"]);
  out.finish(finish_reason);
  out.done();
}
