import type { Dialect, Frame, Meaning } from "../dialect.js";
import { awsEventStream } from "../framing/aws.js";
import { isObject, listOf, objectOf } from "../values.js";

type Value = Readonly<Record<string, unknown>>;

const EVENTS = /^(messageStart|contentBlockStart|contentBlockDelta|contentBlockStop|messageStop|metadata)$/;

/**
 * Bedrock's Converse, and the models whose *invoke* streams are told in no dialect of their own: Titan, Llama, Mistral, the
 * first Claude. What speaks Anthropic's or Cohere's dialect inside of *invoke* is recognised by `chat`, and read alone with
 * `invoke(anthropic)`.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const bedrock: Dialect = {
  name: "bedrock",
  framings: [awsEventStream],
  proof: ["finish"],
  knows: (frame) => isObject(frame.value) && (EVENTS.test(frame.name) || isInvoked(frame)),
  read(out) {
    const servers = new Set<unknown>(); // the blocks of tools that the server runs itself
    let hasStopped = false;

    function readBlock(index: unknown, event: Value, { toolUse }: Value): void {
      const { toolUseId, name, type } = objectOf(toolUse);
      if (toolUse === undefined || type !== undefined) {
        servers.add(index);
        out.unknown(event);
      } else {
        servers.delete(index);
        out.tool({ index, id: toolUseId, name });
      }
    }

    function readDelta(index: unknown, event: Value, delta: Value): void {
      const { text, reasoningContent, toolUse, citation } = delta;
      const reasoning = objectOf(reasoningContent);
      out.text(text);
      out.text(reasoning["text"], 0, "reasoning");
      out.signature(reasoning["signature"]);
      out.citation(citation);
      if (toolUse !== undefined && !servers.has(index)) out.tool({ index, arguments: objectOf(toolUse)["input"] });
      else if (text === undefined && citation === undefined && !("text" in reasoning || "signature" in reasoning)) {
        out.unknown(event);
      }
    }

    return {
      push(frame) {
        const event = objectOf(frame.value);
        const index = event["contentBlockIndex"];
        switch (frame.name) {
          case "messageStart":
          case "contentBlockStop":
            return;
          case "contentBlockStart":
            return readBlock(index, event, objectOf(event["start"]));
          case "contentBlockDelta":
            return readDelta(index, event, objectOf(event["delta"]));
          case "messageStop":
            hasStopped = true;
            return out.finish(event["stopReason"]);
          case "metadata":
            out.usage(event["usage"]);
            return hasStopped ? out.done() : undefined;
          default:
            return readInvoked(event, out);
        }
      },
    };
  },
};

/** A dialect inside of Bedrock's *invoke*: `invoke(anthropic)`. */
export function invoke(dialect: Dialect): Dialect {
  return { ...dialect, name: `bedrock-${dialect.name}`, framings: [awsEventStream] };
}

function isInvoked({ value }: Frame): boolean {
  const { outputText, generation, completion, outputs } = objectOf(value);
  return [outputText, generation, completion].some((text) => typeof text === "string") || Array.isArray(outputs);
}

function readInvoked(event: Value, out: Meaning): void {
  const { outputText, generation, completion, outputs, completionReason, stop_reason } = event;
  out.text(outputText ?? generation ?? completion);
  for (const each of listOf(outputs)) {
    out.text(objectOf(each)["text"]);
    out.finish(objectOf(each)["stop_reason"]);
  }
  out.usage(event["amazon-bedrock-invocationMetrics"]);
  out.finish(completionReason ?? stop_reason);
}
