export type {
  Cassette,
  CassetteChunk,
  CassetteEnd,
  CassetteHeader,
  RecordedRequest,
  RecordedResponse,
} from "./cassette.js";
export { formatCassette } from "./format.js";
export { isCassette, parseCassette } from "./parse.js";
