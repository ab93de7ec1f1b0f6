import type { UpstreamAnswer } from "./answers.ts";

/** One frame of a streamed completion before it is written down. */
export interface Frame {
  json: string;
  kind: "content" | "finish" | "usage";
}

export const MODEL = "sluice-demo";

/**
 * Cuts a text into the deltas in which a model would send it: a word with the space before it, long words in pieces.
 * Code points stay whole, so each delta is well-formed text.
 */
export function deltas(text: string): string[] {
  return text.match(/\s*(?:\p{Script=Han}{1,2}|[^\s\p{Script=Han}]{1,8}|$)/gu)?.filter((delta) => delta !== "") ?? [];
}

/** What stands at the head of each frame, what was asked with, and whether the bill was asked for. */
export interface About {
  id: string;
  created: number;
  promptTokens: number;
  includeUsage: boolean;
}

/**
 * The frames of an answer as OpenAI and its like stream them: role, reasoning, text, tool calls, finish reason, and usage if
 * it was asked for.
 */
export function frames(answer: UpstreamAnswer, about: About): Frame[] {
  const { id, created, includeUsage } = about;
  const head = { id, object: "chat.completion.chunk", created, model: MODEL };
  const frame = (delta: object, finish: string | null = null): Frame => ({
    json: JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] }),
    kind: finish === null ? "content" : "finish",
  });

  const { reasoning = "", text, calls = [] } = answer;
  const all = [frame({ role: "assistant", content: "" })];
  for (const reasoning_content of deltas(reasoning)) all.push(frame({ reasoning_content }));
  for (const content of deltas(text)) all.push(frame({ content }));
  for (const [index, { name, arguments: whole }] of calls.entries()) {
    const call = { index, id: `call_${id}_${index}`, type: "function", function: { name, arguments: "" } };
    all.push(frame({ tool_calls: [call] }));
    for (const part of deltas(whole)) all.push(frame({ tool_calls: [{ index, function: { arguments: part } }] }));
  }
  all.push(frame({}, finishOf(answer)));
  if (includeUsage)
    all.push({ json: JSON.stringify({ ...head, choices: [], usage: usageOf(answer, about) }), kind: "usage" });
  return all;
}

/** The same answer in one piece, for requests without `stream: true`. */
export function completion(answer: UpstreamAnswer, about: About): string {
  const { reasoning, text, calls = [] } = answer;
  const message = {
    role: "assistant",
    content: text,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call, index) => ({
            id: `call_${about.id}_${index}`,
            type: "function",
            function: call,
          })),
        }),
  };
  return JSON.stringify({
    id: about.id,
    object: "chat.completion",
    created: about.created,
    model: MODEL,
    choices: [{ index: 0, message, finish_reason: finishOf(answer) }],
    usage: usageOf(answer, about),
  });
}

function finishOf({ calls = [] }: UpstreamAnswer): string {
  return calls.length > 0 ? "tool_calls" : "stop";
}

function usageOf({ reasoning = "", text, calls = [] }: UpstreamAnswer, { promptTokens }: About): object {
  const reasoningTokens = deltas(reasoning).length;
  const completionTokens =
    reasoningTokens +
    deltas(text).length +
    calls.reduce((sum, { arguments: whole }) => sum + deltas(whole).length + 1, 0);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
