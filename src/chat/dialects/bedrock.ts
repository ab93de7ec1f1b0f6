import type { Dialect } from "../dialect.js";
import { awsEventStream } from "../framing/aws.js";
import { listOf, objectOf } from "../values.js";

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
  knows: ({ object, name }) =>
    /^(message(Start|Stop)|contentBlock(Start|Delta|Stop)|metadata)$/.test(name) ||
    Array.isArray(object["outputs"]) ||
    typeof plainText(object) === "string",
  read(out) {
    const servers = new Set<unknown>(); // the blocks of tools that the server runs itself
    let hasStopped = false;

    return {
      push({ object, name }) {
        const { contentBlockIndex: index, start, delta, stopReason, usage, outputs } = object;
        if (name === "contentBlockStart") {
          const { toolUse } = objectOf(start);
          const { toolUseId, name: called, type } = objectOf(toolUse);
          if (toolUse !== undefined && type === undefined) {
            servers.delete(index);
            out.tool({ index, id: toolUseId, name: called });
          } else {
            servers.add(index);
            out.unknown(object);
          }
        } else if (name === "contentBlockDelta") {
          const { text, reasoningContent, toolUse, citation } = objectOf(delta);
          const { text: thought, signature } = objectOf(reasoningContent);
          out.text(text);
          out.text(thought, 0, "reasoning");
          out.signature(signature);
          out.citation(citation);
          if (toolUse !== undefined && !servers.has(index)) out.tool({ index, arguments: objectOf(toolUse)["input"] });
          else if ((text ?? thought ?? signature ?? citation) === undefined) out.unknown(object);
        }
        // Of *invoke*; each in its own words.
        out.text(plainText(object));
        for (const output of listOf(outputs)) {
          const { text, stop_reason } = objectOf(output);
          out.text(text);
          out.finish(stop_reason);
        }
        out.usage(usage ?? object["amazon-bedrock-invocationMetrics"]);
        out.finish(stopReason ?? object["completionReason"] ?? object["stop_reason"]);
        if (stopReason !== undefined) hasStopped = true;
        if (name === "metadata" && hasStopped) out.done();
      },
    };
  },
};

/** A dialect inside of Bedrock's *invoke*: `invoke(anthropic)`. */
export function invoke(dialect: Dialect): Dialect {
  return { ...dialect, name: `bedrock-${dialect.name}`, framings: [awsEventStream] };
}

/** The text of Titan, Llama and the first Claude. */
function plainText({ outputText, generation, completion }: Readonly<Record<string, unknown>>): unknown {
  return outputText ?? generation ?? completion;
}
