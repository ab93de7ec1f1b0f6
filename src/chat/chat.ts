import { type Answer, type AnswerSource, answer, type ChatOptions } from "./answer.js";
import type { Dialect } from "./dialect.js";

/** Reads a source as an answer. */
export type Chat = (source: AnswerSource, options?: ChatOptions) => Answer;

/**
 * Makes a `chat` that knows only these dialects: the bundle then holds no others. With one, nothing is left to recognise.
 *
 * @throws TypeError when no dialect is given
 *
 * @example
 * ```ts
 * import { chatIn, openaiChat } from "sluice/chat";
 *
 * const chat = chatIn(openaiChat);
 * const body = 'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
 * const { text, outcome, via } = await chat(body).message();
 * console.log(text, outcome, via); // → Hello complete sentinel
 * ```
 */
export function chatIn(...dialects: readonly [Dialect, ...Dialect[]]): Chat {
  if (dialects.length === 0) throw new TypeError("chatIn takes at least one dialect");
  return (source, options = {}) => answer(source, dialects, options);
}
