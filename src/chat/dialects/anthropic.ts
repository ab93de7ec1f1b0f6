import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, objectOf } from "../values.js";

const EVENTS: ReadonlySet<unknown> = new Set([
  "message_start",
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
  "ping",
]);

/**
 * Anthropic's Messages. Tools that the server runs itself arrive as `unknown`, with their input and results: they are not
 * the caller's to run.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 */
export const anthropic: Dialect = {
  name: "anthropic",
  framings: [sse],
  proof: [],
  knows: ({ value, name }) => EVENTS.has(objectOf(value)["type"] ?? name),
  read(out) {
    const calls = new Set<unknown>(); // the blocks that are calls of the caller's tools, by their index

    function readBlock(index: unknown, event: unknown, block: Readonly<Record<string, unknown>>): void {
      const { type, id, name, text, thinking, input } = block;
      calls.delete(index);
      switch (type) {
        case "text":
          return out.text(text);
        case "thinking":
          return out.text(thinking, 0, "reasoning");
        case "tool_use":
          calls.add(index);
          return out.tool({ index, id, name, arguments: isSomething(input) ? input : "" });
        default:
          return out.unknown(event);
      }
    }

    function readDelta(index: unknown, event: unknown, delta: Readonly<Record<string, unknown>>): void {
      switch (delta["type"]) {
        case "text_delta":
          return out.text(delta["text"]);
        case "thinking_delta":
          return out.text(delta["thinking"], 0, "reasoning");
        case "signature_delta":
          return out.signature(delta["signature"]);
        case "citations_delta":
          return out.citation(delta["citation"]);
        case "input_json_delta":
          if (calls.has(index)) return out.tool({ index, arguments: delta["partial_json"] });
          return delta["partial_json"] === "" ? undefined : out.unknown(event);
        default:
          return out.unknown(event);
      }
    }

    return {
      push({ value, name }) {
        const event = objectOf(value);
        switch (event["type"] ?? name) {
          case "message_start": {
            const { id, model, usage } = objectOf(event["message"]);
            out.start(id, model);
            return out.usage(usage);
          }
          case "content_block_start":
            return readBlock(event["index"], value, objectOf(event["content_block"]));
          case "content_block_delta":
            return readDelta(event["index"], value, objectOf(event["delta"]));
          case "message_delta":
            out.usage(event["usage"]);
            return out.finish(objectOf(event["delta"])["stop_reason"]);
          case "message_stop":
            out.usage(event["amazon-bedrock-invocationMetrics"]);
            return out.done();
        }
      },
    };
  },
};
