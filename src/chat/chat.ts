import { checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import type { Stage } from "../stage.js";
import { type Answer, type AnswerSource, answer } from "./answer.js";
import type { Deadlines } from "./deadlines.js";
import type { Dialect } from "./dialect.js";

/** What is asked of reading, apart from time. */
export interface ReadOptions {
  /** The dialect; recognised by content type and first frame unless told otherwise. */
  dialect?: Dialect;
  /** Whether an inline `<think>…</think>` at the beginning of the text is given as reasoning. */
  think?: boolean;
  /** Makes what reads a tool's arguments while they come, such as `partialJSON`: its deltas then carry a `snapshot`. */
  snapshots?: () => Stage<string, unknown>;
  /** The most characters a frame may have; 32 Mi unless told otherwise. */
  maxLength?: number;
}

/** Options of `chat`. */
export interface ChatOptions extends ReadOptions {
  signal?: AbortSignal;
  deadlines?: Deadlines;
}

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
  return (source, { dialect, signal, deadlines, ...options } = {}) =>
    answer(source, readingOptions(dialect === undefined ? dialects : [dialect], options), { signal, deadlines });
}

/** What `Reading` takes, from what users give. */
export function readingOptions(
  dialects: readonly Dialect[],
  { think = false, snapshots, maxLength = DEFAULT_MAX_LENGTH }: Omit<ReadOptions, "dialect">,
): { dialects: readonly Dialect[]; think: boolean; snapshots: ReadOptions["snapshots"]; maxLength: number } {
  return { dialects, think, snapshots, maxLength: checkLimit("maxLength", maxLength) };
}
