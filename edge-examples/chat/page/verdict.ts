import type { Delta, Outcome } from "../notes.ts";

type End = Extract<Delta, { type: "end" }>;
type Failure = Extract<Delta, { type: "error" }>;

export interface Verdict {
  outcome: Outcome;
  /** One word or two, and then why. */
  name: string;
  reason: string;
}

/** Says in words whether the answer was whole, and how that is known. */
export function verdictOf(end: End, errors: readonly Failure[], finish: string | undefined): Verdict {
  const { outcome } = end;
  if (outcome === "complete") return whole(end, finish);
  if (outcome === "aborted") return { outcome, name: "Stopped", reason: "by you. What had come is kept." };
  if (outcome === "truncated") {
    const why = end.cause ?? "the connection ended";
    return { outcome, name: "Cut off", reason: `${why} without [DONE] or a finish reason. More was to come.` };
  }
  const malformed = errors.filter(({ code }) => code === "malformed" || code === "truncated");
  if (malformed.length > 0 && malformed.length === errors.length && end.via !== undefined) {
    const events = malformed.length === 1 ? "one event was malformed" : `${malformed.length} events were malformed`;
    return { outcome, name: "Not whole", reason: `${events}, and what it carried is lost. Everything else arrived.` };
  }
  return { outcome, name: "Failed", reason: sentence(errors.at(-1)?.message ?? "the provider sent an error") };
}

function whole({ via }: End, finish: string | undefined): Verdict {
  const outcome = "complete";
  const proof = via === "sentinel" ? "the provider sent [DONE]" : `a finish reason (${finish}), and then the end`;
  // The stream was whole; whether the thought was is another question.
  if (finish === "length")
    return { outcome, name: "Whole, but short", reason: `${proof}; the model stopped at its length limit.` };
  if (finish === "content_filter")
    return { outcome, name: "Whole, but filtered", reason: `${proof}; a content filter took something out.` };
  return { outcome, name: "Whole", reason: `${proof}.` };
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
