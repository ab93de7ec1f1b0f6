import { CONTINUE } from "../continuing.ts";
import { deltas } from "./frames.ts";

/** What the embedded upstream needs of a chat completion request. */
export interface Prompt {
  /** The text of the last message in which the user asked something. */
  question: string;
  /** What has been said to it already, when the user wants the rest of an answer. */
  said: string;
  stream: boolean;
  includeUsage: boolean;
  /** How much was sent, in the upstream's own idea of a token. */
  tokens: number;
}

interface PromptMessage {
  role: string;
  text: string;
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

  const all = messages.filter(isRecord).map(messageOf);
  const asked = all.findLastIndex(({ role, text }) => role === "user" && text !== CONTINUE);
  const question = all[asked];
  if (question === undefined) return { problem: "`messages` must hold a message whose role is `user`" };
  const isContinued = all.at(-1)?.text === CONTINUE;
  const said = all.slice(asked + 1).filter(({ role }) => role === "assistant");

  return {
    question: question.text,
    said: isContinued ? said.map(({ text }) => text).join("") : "",
    stream: stream === true,
    includeUsage: isRecord(options) && options["include_usage"] === true,
    tokens: all.reduce((sum, { text }) => sum + deltas(text).length, 0),
  };
}

function messageOf(message: Record<string, unknown>): PromptMessage {
  return { role: String(message["role"]), text: textOf(message["content"]) };
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
