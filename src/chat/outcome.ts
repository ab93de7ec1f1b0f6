import type { EndDelta } from "./delta.js";

/**
 * What became of an answer.
 *
 * - `complete`: only on the dialect's own proof that it is whole
 * - `truncated`: the body ended, or the connection broke, without that proof
 * - `error`: the provider said so, or the body is no stream, or a part of it could not be read
 * - `aborted`: the caller stopped it
 * - `stalled`: a deadline passed
 */
export type Outcome = "complete" | "truncated" | "error" | "aborted" | "stalled";

/** What proved that an answer is whole. */
export type Via = "sentinel" | "terminal-event" | "finish";

/** The end of an answer that is not whole. */
export function end(outcome: Outcome, cause?: unknown): EndDelta {
  return cause === undefined ? { type: "end", outcome } : { type: "end", outcome, cause };
}
