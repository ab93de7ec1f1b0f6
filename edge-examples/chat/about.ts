/** What the page should know before it asks: the body of `GET /api/about`. */
export interface About {
  model: string;
  /** Whether the embedded upstream answers, which can misbehave on request. */
  demo: boolean;
  /** How long the page waits, in milliseconds: for the first content, and from one to the next. */
  deadlines: { first: number; idle: number };
}

/** The body of an answer that is no stream: what was wrong with the request, or with the upstream. */
export interface Failure {
  error: { code: string; message: string };
}

/** The code of the error with which the Worker says that its connection to the provider broke. */
export const BROKEN = "upstream_broken";
