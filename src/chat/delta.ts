import type { Outcome, Via } from "./outcome.js";

/** What was spent, each as the provider counts it; `raw` is the provider's own account. */
export interface Usage {
  input?: number;
  output?: number;
  reasoning?: number;
  cached?: number;
  total?: number;
  raw: unknown;
}

/** Why the model stopped: one of five words, and the provider's own. */
export interface Finish {
  reason: "stop" | "length" | "tool" | "content-filter" | "other";
  raw: string;
}

/** Text that is new, in one of the three voices of a model. */
export interface TextDelta {
  type: "text" | "reasoning" | "refusal";
  text: string;
  choice: number;
}

/** A part of a tool call. `arguments` is the text that is new; only all of it together is JSON. */
export interface ToolDelta {
  type: "tool";
  choice: number;
  /** Tells the calls of a choice apart: their index, else their id, else a counter. */
  key: string;
  id?: string;
  name?: string;
  arguments: string;
  /** The arguments so far, when `snapshots` was asked for: a snapshot, never the final value. */
  snapshot?: unknown;
}

/** Something went wrong: the provider says so, or a part of the body cannot be read. */
export interface ErrorDelta {
  type: "error";
  message: string;
  code?: string | number;
  /** The HTTP status, of the response or as the error itself names it. */
  status?: number;
  /** Where in the frames' text a part begins that cannot be read. */
  offset?: number;
  /** The beginning of the text that says it. */
  raw: string;
  /** The provider's error as it was sent, or what was thrown. */
  cause?: unknown;
}

/** The last delta of every answer. */
export interface EndDelta {
  type: "end";
  outcome: Outcome;
  /** What proved that the answer is whole. */
  via?: Via;
  /** Why it is not: the connection's error, the signal's reason, a TimeoutError, or the first error delta. */
  cause?: unknown;
}

/**
 * One step of an answer, whoever gives it. `start` comes at most once, before the first content; `end` exactly once, last;
 * what has no delta of its own arrives as `unknown`, as it was sent.
 */
export type Delta =
  | { type: "start"; id?: string; model?: string }
  | TextDelta
  | { type: "signature"; data: string; choice: number }
  | ToolDelta
  | { type: "citation" | "logprobs"; data: unknown; choice: number }
  | ({ type: "usage" } & Usage)
  | ({ type: "finish"; choice: number } & Finish)
  | ErrorDelta
  | { type: "unknown"; raw: unknown }
  | EndDelta;

/** Whether a delta is content, as deadlines count it. */
export function isContent(delta: Delta): boolean {
  return "choice" in delta && delta.type !== "logprobs" && delta.type !== "finish";
}
