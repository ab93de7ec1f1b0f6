/** One frame of a streamed completion before it is written down; `content` is undefined where the frame carries none. */
export interface Frame {
  json: string;
  content?: string;
}

export const MODEL = "sluice-demo";

/**
 * Cuts an answer into the deltas in which a model would send it: a word with the space before it, long words in pieces.
 * Code points stay whole, so each delta is well-formed text.
 */
export function deltas(answer: string): string[] {
  return answer.match(/\s*(?:\p{Script=Han}{1,2}|[^\s\p{Script=Han}]{1,8}|$)/gu)?.filter((delta) => delta !== "") ?? [];
}

/** The frames of an answer as OpenAI streams them: role, deltas, finish reason, and usage if it was asked for. */
export function frames(
  answer: string,
  { id, created, includeUsage }: { id: string; created: number; includeUsage: boolean },
): Frame[] {
  const pieces = deltas(answer);
  const frame = (delta: { role?: string; content?: string }, finish: string | null = null): Frame => ({
    json: JSON.stringify({
      id,
      object: "chat.completion.chunk",
      created,
      model: MODEL,
      choices: [{ index: 0, delta, finish_reason: finish }],
    }),
    ...(delta.content ? { content: delta.content } : {}),
  });

  const all = [
    frame({ role: "assistant", content: "" }),
    ...pieces.map((content) => frame({ content })),
    frame({}, "stop"),
  ];
  if (includeUsage) {
    const usage = { prompt_tokens: 0, completion_tokens: pieces.length, total_tokens: pieces.length };
    all.push({
      json: JSON.stringify({ id, object: "chat.completion.chunk", created, model: MODEL, choices: [], usage }),
    });
  }
  return all;
}

/** The same answer in one piece, for requests without `stream: true`. */
export function completion(answer: string, { id, created }: { id: string; created: number }): string {
  const tokens = deltas(answer).length;
  return JSON.stringify({
    id,
    object: "chat.completion",
    created,
    model: MODEL,
    choices: [{ index: 0, message: { role: "assistant", content: answer }, finish_reason: "stop" }],
    usage: { prompt_tokens: 0, completion_tokens: tokens, total_tokens: tokens },
  });
}
