import { type Chat, chatIn } from "./chat.js";
import { type Observed, type ObserveOptions, observeIn } from "./observe.js";
import { withAll } from "./with-all.js";

export type { Answer, AnswerSource, ChatOptions } from "./answer.js";
export { type Chat, chatIn } from "./chat.js";
export type { Deadlines } from "./deadlines.js";
export type { Delta, EndDelta, ErrorDelta, Finish, TextDelta, ToolDelta, Usage } from "./delta.js";
export type { Dialect, DialectReader, Frame, Meaning, ToolPart } from "./dialect.js";
export { anthropic } from "./dialects/anthropic.js";
export { bedrock, invoke } from "./dialects/bedrock.js";
export { cohere } from "./dialects/cohere.js";
export { gemini } from "./dialects/gemini.js";
export { geminiInteractions } from "./dialects/gemini-interactions.js";
export { generatedText } from "./dialects/generated-text.js";
export { ollama } from "./dialects/ollama.js";
export { openaiChat } from "./dialects/openai-chat.js";
export { openaiResponses } from "./dialects/openai-responses.js";
export { uiMessages } from "./dialects/ui-message-stream.js";
export { workersAI } from "./dialects/workers-ai.js";
export { awsEventStream } from "./framing/aws.js";
export type { Chunks, Frames, Framing, Problem } from "./framing/framing.js";
export { jsonArray } from "./framing/json-array.js";
export { lines } from "./framing/lines.js";
export { sse, sseText } from "./framing/sse.js";
export { type Choice, IncompleteAnswerError, type Message, type ToolCall } from "./message.js";
export { type Observed, type ObserveOptions, observeIn } from "./observe.js";
export type { Outcome, Via } from "./outcome.js";
export type { ReadOptions } from "./reading.js";
export { inlineThink, type Think } from "./think.js";
export { objectOf } from "./values.js";

/**
 * Reads any provider's streamed answer as one kind of deltas, and says for certain whether it was whole. The last delta is
 * always `{ type: "end", outcome }`, exactly once: `complete` only on the dialect's own proof.
 *
 * Nothing is read before it is asked for, and leaving the loop cancels the request. It throws nothing for what the network or
 * the provider did, except from `text()`, which can say it in no other way.
 *
 * @param source a Response, the promise that `fetch` gives, or anything that `flow` takes
 * @throws TypeError when `source` is none of these, or an option is not what it should be
 *
 * @example
 * ```ts
 * import { chat } from "sluice/chat";
 *
 * const body = [
 *   'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Hel"}}]}\n\n',
 *   'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"lo"}}]}\n\n',
 * ];
 * for await (const delta of chat(body)) console.log(delta);
 * // → { type: 'start', id: 'c1', model: 'm' }
 * // → { type: 'text', text: 'Hel', choice: 0 }
 * // → { type: 'text', text: 'lo', choice: 0 }
 * // → { type: 'end', outcome: 'truncated' }
 * ```
 *
 * @example
 * ```ts no-run
 * import { chat, IncompleteAnswerError } from "sluice/chat";
 *
 * const button = new AbortController();
 * const request = fetch("/api/chat", { signal: button.signal });
 * try {
 *   const answer = chat(request, { signal: button.signal, deadlines: { first: 30_000, idle: 20_000 } });
 *   for await (const text of answer.text()) console.log(text);
 * } catch (error) {
 *   if (error instanceof IncompleteAnswerError) console.log(error.answer.outcome, error.answer.text);
 * }
 * ```
 */
export const chat: Chat = /* @__PURE__ */ withAll(chatIn);

/**
 * A pass-through that reads along: the bytes go on unchanged, chunk for chunk, and `onMessage` gets the answer when it is
 * over, also when the client or the provider left before that. What a gateway wants instead of `tee()`, which buffers without
 * bound.
 *
 * @example
 * ```ts
 * import { observe } from "sluice/chat";
 *
 * const upstream = new Response('{"model":"m","message":{"content":"Hi"},"done":true,"done_reason":"stop"}\n');
 * const body = upstream.body?.pipeThrough(
 *   observe({ onMessage: ({ text, outcome }) => console.log(text, outcome) }), // → Hi complete
 * );
 * console.log((await new Response(body).text()).length); // → 74
 * ```
 */
export const observe: (options: ObserveOptions) => Observed = /* @__PURE__ */ withAll(observeIn);
