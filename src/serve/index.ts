export type { Problem } from "./ending.js";
export { type LineResponseOptions, type LineStreamOptions, lineResponse, lineStream } from "./lines.js";
export { type SSEResponseOptions, type SSEStreamOptions, sseResponse, sseStream } from "./sse.js";
