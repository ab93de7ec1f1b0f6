import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, objectOf } from "../values.js";

/** The parts that are read whatever they hold. */
const KNOWN = /^(text|thinking|(text|thinking|signature|citations)_delta)$/;

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
  knows: ({ type }) => /^((message|content_block)_(start|delta|stop)|ping)$/.test(type),
  read(out) {
    const calls = new Set<unknown>(); // the blocks that are calls of the caller's tools, by their index

    function readPart(index: unknown, event: unknown, part: Readonly<Record<string, unknown>>): void {
      const { type, text, thinking, signature, citation, id, name, input, partial_json } = part;
      out.text(text);
      out.text(thinking, 0, "reasoning");
      out.signature(signature);
      out.citation(citation);
      if (type === "tool_use") {
        calls.add(index);
        out.tool({ index, id, name, arguments: isSomething(input) ? input : "" });
      } else if (type === "input_json_delta") {
        if (calls.has(index)) out.tool({ index, arguments: partial_json });
        else if (partial_json !== "") out.unknown(event);
      } else if (!KNOWN.test(String(type))) out.unknown(event);
    }

    return {
      push({ object, type }) {
        const { index, message, content_block, delta, usage } = object;
        switch (type) {
          case "message_start": {
            const begun = objectOf(message);
            out.start(begun["id"], begun["model"]);
            return out.usage(begun["usage"]);
          }
          case "content_block_start":
            calls.delete(index);
            return readPart(index, object, objectOf(content_block));
          case "content_block_delta":
            return readPart(index, object, objectOf(delta));
          case "message_delta":
            out.usage(usage);
            return out.finish(objectOf(delta)["stop_reason"]);
          case "message_stop":
            out.usage(object["amazon-bedrock-invocationMetrics"]);
            out.done();
        }
      },
    };
  },
};
