export type { Fault } from "../testing/body.js";
export type {
  Cassette,
  CassetteChunk,
  CassetteEnd,
  CassetteHeader,
  RecordedRequest,
  RecordedResponse,
} from "./cassette.js";
export { formatCassette } from "./format.js";
export { type CassetteStore, type MemoryStore, memoryStore } from "./memory.js";
export { isCassette, parseCassette } from "./parse.js";
export { type CassetteSink, type RecordOptions, record } from "./record.js";
export { type ReplayOptions, replay, replayResponse } from "./replay.js";
export type { Keep } from "./secrets.js";
