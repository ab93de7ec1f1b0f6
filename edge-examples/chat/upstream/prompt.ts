/** What the embedded upstream needs of a chat completion request. */
export interface Prompt {
  /** The text of the last message the user sent. */
  question: string;
  stream: boolean;
  includeUsage: boolean;
}

/**
 * Reads the body of `POST /v1/chat/completions`. Content may be a string or an array of text parts, as OpenAI allows.
 *
 * @returns what to answer, or what is wrong with the request
 */
export function readPrompt(body: unknown): Prompt | { problem: string } {
  if (!isRecord(body)) return { problem: "The body must be a JSON object" };
  const { messages, stream, stream_options: options } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    return { problem: "`messages` must be an array with a message" };

  const last: unknown = messages.findLast((message: unknown) => isRecord(message) && message["role"] === "user");
  if (!isRecord(last)) return { problem: "`messages` must hold a message whose role is `user`" };

  return {
    question: textOf(last["content"]),
    stream: stream === true,
    includeUsage: isRecord(options) && options["include_usage"] === true,
  };
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
