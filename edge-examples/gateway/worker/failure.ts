export interface GatewayErrorOptions {
  status: number;
  /** For programs; the message is for people. */
  code: string;
  /** OpenAI's word for the kind of error; made from the status unless told otherwise. */
  type?: string | undefined;
  /** The parameter that is wrong. */
  param?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** For the log, and for nobody else. */
  detail?: string;
  cause?: unknown;
}

/** A reason not to answer, in the form in which OpenAI writes one. Its `cause` never leaves the Worker. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly param: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: string | undefined;

  constructor(
    message: string,
    { status, code, type = typeOf(status), param, headers = {}, detail, ...options }: GatewayErrorOptions,
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.type = type;
    this.param = param;
    this.headers = headers;
    this.detail = detail;
  }

  /** `{"error":{…}}`, as a body or as the data of an event. */
  toJSON(): unknown {
    return { error: { message: this.message, type: this.type, param: this.param ?? null, code: this.code } };
  }

  toResponse(): Response {
    return Response.json(this, { status: this.status, headers: { "cache-control": "no-store", ...this.headers } });
  }
}

function typeOf(status: number): string {
  if (status === 403) return "permission_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

/** What becomes of an answer that has begun. */
export function cutOff(): GatewayError {
  return new GatewayError("The upstream's answer was cut off", { status: 502, code: "upstream_truncated" });
}

export function unreadable(): GatewayError {
  return new GatewayError("The upstream's answer cannot be read", { status: 502, code: "upstream_unreadable" });
}

/** @param silence in milliseconds */
export function stalled(silence: number): GatewayError {
  const message = `The upstream has been silent for ${silence / 1000} s`;
  return new GatewayError(message, { status: 504, code: "upstream_stalled" });
}
