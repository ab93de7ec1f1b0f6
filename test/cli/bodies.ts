/** One event of a chat completion with this content, or with this finish reason. */
export function chunk(content: string | undefined, finish: string | null = null): string {
  const delta = content === undefined ? {} : { content };
  return `data: ${JSON.stringify({ id: "c1", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

/** A chat completion, whole unless told otherwise. */
export function completion(words: readonly string[], { finish = "stop", sentinel = true } = {}): string {
  return [
    ...words.map((word) => chunk(word)),
    finish === "" ? "" : chunk(undefined, finish),
    sentinel ? "data: [DONE]\n\n" : "",
  ].join("");
}
