import type { Dialect, Meaning } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, isText, objectOf } from "../values.js";

const TYPE =
  /^((text|reasoning|tool-(in|out)put|tool-approval|source|data|steering)-|((start|finish|reset)(-step)?|abort|message-metadata|(reasoning-)?file|custom)$)/;

/**
 * The UI message stream (version 1) that Vercel's AI SDK sends to its `useChat`, and that `uiMessageStream` of `sluice/serve`
 * writes. What tools on the server gave, data parts, files and steps that are taken back arrive as `unknown`; usage is read
 * from the message's metadata, where it is `usage` or `totalUsage`. It is no provider's: `chat` reads it when it is told to.
 *
 * @see https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export const uiMessages: Dialect = {
  name: "ui-message-stream",
  framings: [sse],
  proof: ["sentinel", "finish"],
  knows: ({ type }) => TYPE.test(type),
  read(out) {
    const refusals = new Set<unknown>(); // the ids of texts that are refusals
    const written = new Set<unknown>(); // the calls whose input has come in deltas
    const foreign = new Set<unknown>(); // the calls that the server runs itself

    function readTool(chunk: Readonly<Record<string, unknown>>): void {
      const { type, toolCallId: id, toolName: name, inputTextDelta: text, input, providerExecuted } = chunk;
      if (providerExecuted === true) foreign.add(id);
      if (foreign.has(id)) return out.unknown(chunk);
      switch (type) {
        case "tool-input-start":
          return out.tool({ id, name, arguments: "" });
        case "tool-input-delta":
          written.add(id);
          return out.tool({ id, arguments: text });
        case "tool-input-available":
          return written.has(id) ? undefined : out.tool({ id, name, arguments: input });
        default:
          return out.unknown(chunk);
      }
    }

    return {
      push({ object: chunk, type }) {
        const { id, delta, providerMetadata } = chunk;
        const own = objectOf(objectOf(providerMetadata)["sluice"]); // what `uiMessageStream` wrote
        switch (type) {
          case "start":
          case "message-metadata":
          case "finish":
            readMetadata(objectOf(chunk["messageMetadata"]), chunk["messageId"], out);
            return out.finish(chunk["finishReason"]);
          case "text-start":
            if (own["refusal"] === true) refusals.add(id);
            return;
          case "text-delta":
            return out.text(delta, 0, refusals.has(id) ? "refusal" : "text");
          case "text-end":
            return out.citation(chunk["citations"]);
          case "reasoning-start":
          case "reasoning-delta":
          case "reasoning-end":
            out.text(delta, 0, "reasoning");
            for (const each of Object.values(objectOf(providerMetadata))) out.signature(objectOf(each)["signature"]);
            return;
          case "source-url":
          case "source-document":
            return out.citation(own["citation"] ?? chunk);
          case "data-citation":
            return out.citation(chunk["data"]);
          case "start-step":
          case "finish-step":
            return;
          case "abort":
            return out.fail({
              message: isText(chunk["reason"]) ? chunk["reason"] : "The answer was stopped",
              code: type,
            });
          default:
            return type.startsWith("tool-") ? readTool(chunk) : out.unknown(chunk);
        }
      },
    };
  },
};

function readMetadata(metadata: Readonly<Record<string, unknown>>, messageId: unknown, out: Meaning): void {
  const { id = messageId, model, usage, totalUsage } = metadata;
  out.start(id, model);
  out.usage(isSomething(usage) ? usage : totalUsage);
}
