export type { ErrorOptions, Problem, ToldError } from "./ending.js";
export type { HeartbeatOptions } from "./heartbeat.js";
export { type LineResponseOptions, type LineStreamOptions, lineResponse, lineStream } from "./lines.js";
export { type OpenAIResponseOptions, type OpenAIStreamOptions, openAIResponse, openAIStream } from "./openai.js";
export type { ResponseOptions } from "./response.js";
export type { Values } from "./source.js";
export { type SSEResponseOptions, type SSEStreamOptions, sseResponse, sseStream } from "./sse.js";
export {
  type UIMessageResponseOptions,
  type UIMessageStreamOptions,
  uiMessageResponse,
  uiMessageStream,
} from "./ui-message.js";
