import type { Dialect } from "../dialect.js";
import { sse } from "../framing/sse.js";
import { isSomething, listOf, objectOf } from "../values.js";

/** What only says how far things are, or says again what has been said. */
const ASIDE = /\.(created|in_progress|queued|searching|completed|generating|interpreting|keepalive|added|done)$/;
const VOICE = /\.(refusal|reasoning|text|output_text)\w*\.(?:delta|segment)$/;
const CALL = /\.(function_call_arguments|custom_tool_call_input)\.delta$/;
const END = /^response\.(completed|incomplete|failed|cancelled)$/;

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
  knows: ({ type }) => /^(response|transcript)\./.test(type),
  read(out) {
    const keys = new Map<unknown, unknown>(); // the call that an item's deltas belong to
    const written = new Set<unknown>(); // the items whose arguments have come

    function readItem(item: Readonly<Record<string, unknown>>, isDone: boolean): void {
      const { type, id, call_id, name, arguments: whole = item["input"] } = item;
      if (type === "function_call" || type === "custom_tool_call") {
        keys.set(id, call_id ?? id);
        if (!isDone || !written.has(id)) out.tool({ id: keys.get(id), name: isDone ? "" : name, arguments: whole });
        if (isSomething(whole)) written.add(id);
      } else if (isDone && type === "reasoning") out.signature(item["encrypted_content"]);
      else if (isDone && type !== "message") out.unknown(item);
    }

    return {
      push({ object, type }) {
        const { item, item_id, delta, text, annotation, logprobs } = object;
        const { id, model, error, usage, status, incomplete_details, output } = objectOf(object["response"]);
        const voice = VOICE.exec(type)?.[1];
        const end = END.exec(type)?.[1];
        out.start(id, model);
        if (voice !== undefined) {
          out.text(delta ?? text, 0, voice === "refusal" || voice === "reasoning" ? voice : "text");
          out.logprobs(logprobs);
        } else if (CALL.test(type)) {
          written.add(item_id);
          out.tool({ id: keys.get(item_id) ?? item_id, arguments: delta });
        } else if (type.startsWith("response.output_item.")) readItem(objectOf(item), type.endsWith("done"));
        else if (end !== undefined) {
          if (end === "failed") out.fail(isSomething(error) ? error : { message: "The response failed" });
          out.usage(usage);
          for (const each of listOf(output)) if (objectOf(each)["type"] === "compaction") out.unknown(each);
          out.finish(objectOf(incomplete_details)["reason"] ?? status ?? end);
          out.done();
        } else if (type === "transcript.text.done") {
          out.usage(object["usage"]);
          out.finish("stop");
          out.done();
        } else if (isSomething(annotation)) out.citation(annotation);
        else if (!ASIDE.test(type)) out.unknown(object);
      },
    };
  },
};
