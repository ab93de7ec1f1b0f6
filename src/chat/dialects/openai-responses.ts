import type { Dialect, Frame, Meaning } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, listOf, objectOf } from "../values.js";

/** What only says how far things are, or says again what has been said. */
const ASIDE = /\.(created|in_progress|queued|searching|completed|generating|interpreting|keepalive|added|done)$/;

/**
 * OpenAI's Responses, as Azure, xAI, DeepSeek, LM Studio and Bedrock speak it too, with or without `event:` lines, and the
 * transcriptions that are told in the same way. Tools that the server runs itself arrive as `unknown`, whole.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 */
export const openaiResponses: Dialect = {
  name: "openai-responses",
  framings: [sse],
  proof: [],
  knows: (frame) => /^(response|transcript)\./.test(typeOf(frame)),
  read(out) {
    const keys = new Map<unknown, unknown>(); // the call that an item's deltas belong to
    const written = new Set<unknown>(); // the items whose arguments have come in deltas

    function readItem(item: Readonly<Record<string, unknown>>, isDone: boolean): void {
      const { type, id, call_id, name } = item;
      if (type === "function_call" || type === "custom_tool_call") {
        const isWritten = written.has(id);
        keys.set(id, call_id ?? id);
        const whole = item["arguments"] ?? item["input"];
        if (!isDone) out.tool({ id: keys.get(id), name, arguments: whole });
        else if (!isWritten) out.tool({ id: keys.get(id), arguments: whole });
        if (isSomething(whole)) written.add(id);
      } else if (isDone && type === "reasoning") out.signature(item["encrypted_content"]);
      else if (isDone && type !== "message") out.unknown(item);
    }

    function readDelta(type: string, value: Readonly<Record<string, unknown>>): void {
      const { delta, item_id } = value;
      switch (type) {
        case "response.output_text.delta":
          out.text(delta);
          return out.logprobs(value["logprobs"]);
        case "transcript.text.delta":
          return out.text(delta);
        case "transcript.text.segment":
          return out.text(value["text"]);
        case "response.refusal.delta":
          return out.text(delta, 0, "refusal");
        case "response.reasoning_text.delta":
        case "response.reasoning_summary_text.delta":
          return out.text(delta, 0, "reasoning");
        case "response.function_call_arguments.delta":
        case "response.custom_tool_call_input.delta":
          written.add(item_id);
          return out.tool({ id: keys.get(item_id) ?? item_id, arguments: delta });
        case "response.output_text.annotation.added":
          return out.citation(value["annotation"]);
        default:
          if (!ASIDE.test(type)) out.unknown(value);
      }
    }

    return {
      push(frame) {
        const value = objectOf(frame.value);
        const type = typeOf(frame);
        const response = objectOf(value["response"]);
        out.start(response["id"], response["model"]);
        switch (type) {
          case "response.output_item.added":
          case "response.output_item.done":
            return readItem(objectOf(value["item"]), type.endsWith("done"));
          case "response.completed":
          case "response.incomplete":
          case "response.failed":
          case "response.cancelled":
            return readEnd(type, response, out);
          case "transcript.text.done":
            out.usage(value["usage"]);
            out.finish("stop");
            return out.done();
          default:
            return readDelta(type, value);
        }
      },
    };
  },
};

function readEnd(type: string, response: Readonly<Record<string, unknown>>, out: Meaning): void {
  const { error, usage, status, incomplete_details } = response;
  if (type === "response.failed") out.fail(isSomething(error) ? error : { message: "The response failed" });
  out.usage(usage);
  for (const item of listOf(response["output"])) if (objectOf(item)["type"] === "compaction") out.unknown(item);
  out.finish(objectOf(incomplete_details)["reason"] ?? status ?? type.slice("response.".length));
  out.done();
}

/** The JSON's type, else the event's name: either may be absent. */
function typeOf({ value, name }: Frame): string {
  const { type } = objectOf(value);
  return typeof type === "string" ? type : name;
}
