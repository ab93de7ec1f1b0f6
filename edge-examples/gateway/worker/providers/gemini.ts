import { gemini as dialect } from "sluice/chat";
import { invalid } from "../request.ts";
import { type Conversation, conversationOf, type Part, type Result, type Turn } from "./conversation.ts";
import type { Provider } from "./provider.ts";

/** Gemini's generateContent. @see https://ai.google.dev/api/generate-content */
export const gemini: Provider = {
  path: (model) => `/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`,
  authorization: (key) => ({ "x-goog-api-key": key }),
  dialect,
  body(request) {
    const conversation = conversationOf(request);
    const { system, turns, maxTokens, temperature, topP, stop, tools } = conversation;
    return {
      systemInstruction: system === undefined ? undefined : { parts: [{ text: system }] },
      contents: turns.map(contentOf),
      generationConfig: {
        maxOutputTokens: maxTokens,
        temperature,
        topP,
        stopSequences: stop.length === 0 ? undefined : stop,
      },
      tools: tools.length === 0 ? undefined : [{ functionDeclarations: tools.map(declarationOf) }],
      toolConfig: tools.length === 0 ? undefined : { functionCallingConfig: callingOf(conversation) },
    };
  },
};

function contentOf(turn: Turn): unknown {
  if (turn.role === "user") return { role: "user", parts: turn.parts.map(partOf) };
  if (turn.role === "tool") return { role: "user", parts: turn.results.map(responseOf) };
  const text = turn.text === "" ? [] : [{ text: turn.text }];
  return {
    role: "model",
    parts: [...text, ...turn.calls.map(({ name, input }) => ({ functionCall: { name, args: input } }))],
  };
}

function responseOf({ call, text }: Result): unknown {
  return { functionResponse: { name: call.name, response: { result: text } } };
}

function partOf(part: Part): unknown {
  if (part.type === "text") return { text: part.text };
  if ("url" in part.image) throw invalid("This model takes images as data: URLs only", "messages");
  return { inlineData: { mimeType: part.image.mediaType, data: part.image.data } };
}

function declarationOf({ parameters, ...tool }: Conversation["tools"][number]): unknown {
  return { ...tool, parametersJsonSchema: parameters };
}

function callingOf({ toolChoice = "auto" }: Conversation): unknown {
  if (typeof toolChoice === "object") return { mode: "ANY", allowedFunctionNames: [toolChoice.name] };
  return { mode: { auto: "AUTO", none: "NONE", required: "ANY" }[toolChoice] };
}
