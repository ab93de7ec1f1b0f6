import type { Failure } from "../about.ts";

export interface ChatErrorOptions {
  status: number;
  /** For programs; the message is for people. */
  code: string;
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** A reason not to answer with a stream, in words that the page can show. Its `cause` never leaves the Worker. */
export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(message: string, { status, code, headers = {}, ...options }: ChatErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toResponse(): Response {
    const failure: Failure = { error: { code: this.code, message: this.message } };
    return Response.json(failure, { status: this.status, headers: { "cache-control": "no-store", ...this.headers } });
  }
}
