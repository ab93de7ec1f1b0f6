import type { EndDelta, ErrorDelta, Finish, Outcome } from "sluice/chat";
import { BROKEN } from "../about.ts";

export interface Verdict {
  /** `interrupted`: the page was left while the answer came. */
  outcome: Outcome | "interrupted";
  tone: "good" | "warn" | "bad" | "calm";
  /** One word or two, and then why. */
  name: string;
  reason: string;
  offers: ("retry" | "continue")[];
}

export interface Ended {
  end: EndDelta;
  errors: readonly ErrorDelta[];
  finish: Finish | undefined;
  /** Whether there is text that can be continued. */
  hasText: boolean;
}

/** Says in words what became of an answer, how that is known, and what can be done. */
export function verdictOf({ end, errors, finish, hasText }: Ended): Verdict {
  const both: Verdict["offers"] = hasText ? ["continue", "retry"] : ["retry"];
  const { outcome, cause } = end;
  switch (outcome) {
    case "complete":
      return whole(end, finish, both);
    case "aborted":
      return { outcome, tone: "calm", name: "Stopped", reason: "by you. What had come is kept.", offers: both };
    case "stalled":
      return { outcome, tone: "warn", name: "Stalled", reason: patienceIn(cause), offers: both };
    case "truncated":
      return { outcome, tone: "warn", name: "Cut off", reason: breakIn(cause), offers: both };
    case "error":
      return failed(outcome, { errors, finish, both });
  }
}

/** For an answer that was still coming when the page was left. */
export function interrupted(hasText: boolean): Verdict {
  return {
    outcome: "interrupted",
    tone: "warn",
    name: "Interrupted",
    reason: "the page was left while this answer came.",
    offers: hasText ? ["continue", "retry"] : ["retry"],
  };
}

/** The stream was whole; whether the thought was is another question. */
function whole({ via }: EndDelta, finish: Finish | undefined, both: Verdict["offers"]): Verdict {
  const outcome = "complete";
  const proof = via === "sentinel" ? "[DONE] arrived" : "a finish reason arrived, then the end";
  switch (finish?.reason) {
    case "length":
      return {
        outcome,
        tone: "warn",
        name: "Not finished",
        reason: "the model stopped at its length limit. The stream was whole, the thought is not.",
        offers: both,
      };
    case "content-filter":
      return {
        outcome,
        tone: "warn",
        name: "Filtered",
        reason: "the provider’s content filter ended the answer. The stream was whole, the thought may not be.",
        offers: ["retry"],
      };
    case "tool":
      return {
        outcome,
        tone: "good",
        name: "Whole",
        reason: `${proof}. The model asks for a tool; this page calls none.`,
        offers: [],
      };
    default:
      return { outcome, tone: "good", name: "Whole", reason: `${proof}.`, offers: [] };
  }
}

interface Failed {
  errors: readonly ErrorDelta[];
  finish: Finish | undefined;
  both: Verdict["offers"];
}

function failed(outcome: Outcome, { errors, finish, both }: Failed): Verdict {
  const isMalformed = errors.length > 0 && errors.every(({ offset }) => offset !== undefined);
  if (isMalformed && finish !== undefined) {
    const events = errors.length === 1 ? "one event was malformed" : `${errors.length} events were malformed`;
    const reason = `${events}, and what it carried is lost. Everything else arrived.`;
    return { outcome, tone: "bad", name: "Not whole", reason, offers: ["retry"] };
  }
  const error = errors.at(-1);
  if (error?.code === BROKEN) {
    const reason = "the Worker’s connection to the provider broke. More was to come.";
    return { outcome, tone: "warn", name: "Cut off", reason, offers: both };
  }
  const code = error?.code === undefined ? "" : ` (${error.code})`;
  const reason = sentence(`${error?.message ?? "The provider sent an error"}${code}`);
  return { outcome, tone: "bad", name: "Failed", reason, offers: finish === undefined ? both : ["retry"] };
}

function breakIn(cause: unknown): string {
  const isBroken = cause instanceof TypeError || cause instanceof DOMException; // as fetch and its body's reader tell it
  if (!isBroken) return "the connection ended without [DONE] or a finish reason. More was to come.";
  const offline = navigator.onLine ? "" : " You are offline.";
  return `this page’s connection broke.${offline} More was to come.`;
}

/** A TimeoutError says how long was waited. */
function patienceIn(cause: unknown): string {
  const milliseconds = cause instanceof Error ? /(\d+) ms/.exec(cause.message)?.[1] : undefined;
  const time = milliseconds === undefined ? "too long" : `${Number(milliseconds) / 1000} s`;
  return `nothing came for ${time}, and the connection was left. More was to come.`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
