import { anthropic as dialect } from "sluice/chat";
import { type Conversation, conversationOf, type Part, type Result, type Turn } from "./conversation.ts";
import type { Provider } from "./provider.ts";

/** Anthropic has no default of its own. */
const MAX_TOKENS = 4096;

/** Anthropic's Messages. @see https://docs.anthropic.com/en/api/messages */
export const anthropic: Provider = {
  path: () => "/messages",
  authorization: (key) => ({ "x-api-key": key }),
  headers: { "anthropic-version": "2023-06-01" },
  dialect,
  body(request, model) {
    const conversation = conversationOf(request);
    const { system, turns, maxTokens = MAX_TOKENS, temperature, topP, stop, tools, user } = conversation;
    return {
      model,
      max_tokens: maxTokens,
      stream: true,
      system,
      messages: turns.map(messageOf),
      temperature: temperature === undefined ? undefined : Math.min(temperature, 1), // OpenAI's scale goes on to 2
      top_p: topP,
      stop_sequences: stop.length === 0 ? undefined : stop,
      tools: tools.length === 0 ? undefined : tools.map(toolOf),
      tool_choice: tools.length === 0 ? undefined : choiceOf(conversation),
      metadata: user === undefined ? undefined : { user_id: user },
    };
  },
};

function messageOf(turn: Turn): unknown {
  if (turn.role === "user") return { role: "user", content: turn.parts.map(blockOf) };
  if (turn.role === "tool") return { role: "user", content: turn.results.map(resultOf) };
  const text = turn.text === "" ? [] : [{ type: "text", text: turn.text }]; // an empty one is refused
  return { role: "assistant", content: [...text, ...turn.calls.map((call) => ({ type: "tool_use", ...call }))] };
}

function blockOf(part: Part): unknown {
  if (part.type === "text") return part;
  const { image } = part;
  const source =
    "url" in image
      ? { type: "url", url: image.url }
      : { type: "base64", media_type: image.mediaType, data: image.data };
  return { type: "image", source };
}

function resultOf({ call, text }: Result): unknown {
  return { type: "tool_result", tool_use_id: call.id, content: text };
}

function toolOf({ parameters, ...tool }: Conversation["tools"][number]): unknown {
  return { ...tool, input_schema: parameters };
}

function choiceOf({ toolChoice = "auto", isParallel }: Conversation): unknown {
  if (toolChoice === "none") return { type: "none" };
  const alone = isParallel === false ? { disable_parallel_tool_use: true } : {};
  if (typeof toolChoice === "object") return { type: "tool", name: toolChoice.name, ...alone };
  return { type: toolChoice === "required" ? "any" : "auto", ...alone };
}
