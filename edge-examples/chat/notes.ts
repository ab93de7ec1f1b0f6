/**
 * What the Worker tells the page: one JSON value per event. The deltas have the shapes of `sluice/chat`, as far as the page
 * needs them; `chunk` and `value` come only when the page asked to see the wire, each in the order in which it happened.
 */
export type Note = Delta | WireNote;

export type Delta =
  | { type: "text" | "reasoning"; text: string }
  | { type: "finish"; reason: string }
  | { type: "error"; message: string; code?: string; raw: string }
  | { type: "end"; outcome: Outcome; via?: "sentinel" | "finish"; cause?: string }; // exactly one, and last

/** `complete` only on proof; `aborted` is the page's own word, for Stop. */
export type Outcome = "complete" | "truncated" | "error" | "aborted";

export type WireNote =
  | { type: "chunk"; at: number; bytes: string } // milliseconds since the body began; the bytes as they came, in base64
  | { type: "value"; value: unknown };

/** The body of an answer that is no stream: what was wrong with the request, or with the upstream. */
export interface Failure {
  error: { code: string; message: string };
}

/** What the page should know before it asks. */
export interface About {
  model: string;
  /** Whether the embedded upstream answers, which can misbehave on request. */
  demo: boolean;
  /** Whether the Worker passes on the raw chunks of its upstream. */
  wire: boolean;
}
