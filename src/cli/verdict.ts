import type { EndDelta, ErrorDelta } from "../chat/index.js";
import { excerpt } from "../errors.js";
import { exactPlace } from "./inspect/exact-place.js";

/** What is known of an answer besides its end. */
export interface Known {
  /** How many bytes there were. */
  bytes: number;
  /** Whether somebody knew the first frame. */
  isRecognised: boolean;
  /** Why the model stopped, in one of five words. */
  finish: string | undefined;
}

/** What became of an answer, and what to do about it; each a clause without a full stop. */
export interface Verdict {
  why: string;
  /** Nothing when nothing is to be done. */
  advice?: string;
  /** Whether only a look at what came can tell more. */
  isStrange?: true;
}

const PROOFS = {
  sentinel: "the sentinel [DONE] came",
  "terminal-event": "its terminal event came",
  finish: "a finish reason came, and then the end of the body",
} as const;

/** Says in words what became of an answer. */
export function verdictOf({ outcome, via, cause }: EndDelta, { bytes, isRecognised, finish }: Known): Verdict {
  switch (outcome) {
    case "complete": {
      const why = via === undefined ? "it is whole" : PROOFS[via];
      if (finish === "length") return { why, advice: "the model stopped at its length limit: ask it to go on" };
      return finish === "content-filter" ? { why, advice: "a content filter took something out" } : { why };
    }
    case "truncated":
      if (bytes === 0) {
        const why = cause === undefined ? "the body is empty" : `nothing came: ${reasonOf(cause)}`;
        return { why, advice: "ask again, and look at the status and headers" };
      }
      if (!isRecognised) {
        const why = cause === undefined ? "it ended without a frame of any known dialect" : reasonOf(cause);
        return { why, isStrange: true };
      }
      return {
        why:
          cause === undefined ? "the body ended without [DONE], a terminal event or a finish reason" : reasonOf(cause),
        advice: "more was to come: ask again",
      };
    case "error":
      return { why: reasonOf(cause), ...(isSaid(cause) ? { advice: "the provider said so" } : { isStrange: true }) };
    case "stalled":
      return { why: reasonOf(cause), advice: "ask again" };
    case "aborted":
      return { why: "it had not ended when it was stopped" };
  }
}

/** A cause in one line: what a person can use of it. */
export function reasonOf(cause: unknown): string {
  if (!isError(cause)) return cause instanceof Error ? cause.message : "no reason was given";
  const { message, code, status, offset, raw } = cause;
  const exact = offset === undefined ? undefined : exactPlace(raw, offset);
  if (exact !== undefined) return exact.message.replaceAll("\n", " ");
  const details = [
    code === undefined ? "" : String(code),
    status === undefined || status === code ? "" : `status ${status}`,
  ]
    .filter(
      (detail) => detail !== "" && detail !== message && !/^(malformed|truncated|too-long|too-deep)$/.test(detail),
    )
    .join(", ");
  const text = excerpt(message === "" ? raw : message).trim();
  const place = offset === undefined || text.includes(String(offset)) ? "" : ` at offset ${offset}`;
  return `${offset === undefined ? text : message}${place}${details === "" ? "" : ` (${details})`}`.replaceAll(
    "\n",
    " ",
  );
}

/** Whether it is the provider's own word, rather than a part of the body that could not be read. */
function isSaid(cause: unknown): boolean {
  if (!isError(cause) || cause.offset !== undefined) return false;
  return cause.code !== undefined || (cause.cause !== undefined && !(cause.cause instanceof Error));
}

function isError(cause: unknown): cause is ErrorDelta {
  return typeof cause === "object" && cause !== null && "type" in cause && cause.type === "error";
}
