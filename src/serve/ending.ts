import type { EndDelta, ErrorDelta } from "../chat/delta.js";
import type { Outcome } from "../chat/outcome.js";
import { checkFunction } from "../options.js";
import { isObject } from "../source.js";
import type { Writer } from "./body.js";

/** What has to be said of a stream that was not whole: how it ended, with the cause, which is for your eyes only. */
export type Problem = EndDelta;

/** What the client is told of a problem. */
export interface ToldError {
  message: string;
  /** As its protocol has it, where it has one. */
  type?: string;
  code?: string | number;
}

/** What a stream that can fail may be given. */
export interface ErrorOptions {
  /**
   * Says to the client what went wrong, in words or as an error, and is where you hear of it. Without it the client is told
   * in general words, because what was thrown and what a provider says can hold what is not the client's to know.
   */
  onError?: (problem: Problem) => string | ToldError;
}

/** @throws TypeError unless `onError` is absent or a function */
export function checkOnError(onError: unknown): void {
  if (onError !== undefined) checkFunction("onError", onError);
}

/** How a stream ended, as the client is told it. */
export interface Ending extends Omit<EndDelta, "cause"> {
  /** What went wrong, unless nothing did. */
  error?: ToldError;
}

/** A stream as a protocol writes it: its values, then how it ended, exactly once. */
export interface Script<T> {
  push: (value: T) => void;
  end: (ending: Ending) => void;
}

const MESSAGES: Readonly<Record<Outcome, string>> = {
  complete: "",
  truncated: "The answer was cut off",
  error: "The stream failed",
  aborted: "The answer was stopped",
  stalled: "The answer stalled",
};

/**
 * Finds out how a stream ended: as its `end` delta says; without one it is an error if there was one, and `unsaid` otherwise.
 * The first error delta is the cause of an ending that has none.
 *
 * @param onError what it throws is ignored, for a client waits
 */
export function concluded<T>(script: Script<T>, unsaid: Outcome, onError: ErrorOptions["onError"]): Writer<T> {
  let firstError: ErrorDelta | undefined;
  let isOver = false;

  function conclude(problem: Problem): void {
    if (isOver) return;
    const { cause = firstError, ...ending } = problem;
    script.end(ending.outcome === "complete" ? ending : { ...ending, error: told({ ...ending, cause }) });
    isOver = true;
  }

  function told(problem: Problem): ToldError {
    try {
      const said = onError?.(problem);
      if (typeof said === "string") return { message: said };
      if (isObject(said) && typeof said.message === "string") return publicPart(said);
    } catch {
      // The client is told what it would be told without it.
    }
    return { message: MESSAGES[problem.outcome] };
  }

  return {
    push(value) {
      if (isOver) return;
      if (isEnd(value)) conclude(value);
      else if (isError(value)) firstError ??= value;
      else script.push(value);
    },
    end: () => conclude({ type: "end", outcome: firstError === undefined ? unsaid : "error" }),
    fail: (cause) => conclude({ type: "end", outcome: "error", cause }),
  };
}

/** What is for the client: an error that was thrown has other fields too, such as headers with a key, or what is no JSON. */
function publicPart({ message, type, code }: ToldError): ToldError {
  return {
    message,
    ...(typeof type === "string" && { type }),
    ...((typeof code === "string" || typeof code === "number") && { code }),
  };
}

function isEnd(value: unknown): value is EndDelta {
  return (
    isObject(value) &&
    "type" in value &&
    value.type === "end" &&
    "outcome" in value &&
    typeof value.outcome === "string" &&
    Object.hasOwn(MESSAGES, value.outcome)
  );
}

function isError(value: unknown): value is ErrorDelta {
  return isObject(value) && "type" in value && value.type === "error" && "message" in value && "raw" in value;
}
