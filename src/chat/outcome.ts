import type { EndDelta, ErrorDelta } from "./delta.js";

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

/** The evidence for a verdict, gathered while an answer is read. */
export class Evidence {
  /** The first error: of the provider, or of a part that cannot be read. */
  error: ErrorDelta | undefined;
  /** Whether the provider reported an error, which outweighs everything but the caller. */
  isFailed = false;
  /** Whether the end of the body cut something off. */
  isCut = false;
  #proof: Via | undefined;
  readonly #begun: Set<number> = new Set();
  readonly #finished: Set<number> = new Set();

  /** A sentinel or a terminal event came: the first one counts. */
  prove(via: Via): void {
    this.#proof ??= via;
  }

  begin(choice: number): void {
    this.#begun.add(choice);
  }

  finish(choice: number): void {
    this.#finished.add(choice);
  }

  /** The verdict when the body is over, or has proved itself whole. A finish reason counts only if it `isProof` there. */
  verdict(isFinishProof: boolean, cause?: unknown): EndDelta {
    let via = this.#proof;
    if (via === undefined && isFinishProof && !this.isCut && cause === undefined && this.#isFinished()) via = "finish";
    if (this.isFailed) return end("error", this.error);
    if (via === undefined) return end("truncated", cause ?? (this.isCut ? this.error : undefined));
    if (this.error !== undefined) return end("error", this.error);
    return { type: "end", outcome: "complete", via };
  }

  /** Whether every choice that began has said why it stopped. */
  #isFinished(): boolean {
    for (const choice of this.#begun) if (!this.#finished.has(choice)) return false;
    return this.#finished.size > 0;
  }
}

/** The end of an answer that is not whole. */
export function end(outcome: Outcome, cause?: unknown): EndDelta {
  return cause === undefined ? { type: "end", outcome } : { type: "end", outcome, cause };
}
