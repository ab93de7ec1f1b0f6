/** What every response that streams may be given. */
export interface ResponseOptions {
  /** 200 unless told otherwise. */
  status?: number;
  /** Headers beside or instead of those of the format. */
  headers?: HeadersInit;
}

/**
 * A response that nobody on its way holds back. `no-transform` keeps whoever compresses from compressing it, which would
 * wait for more than an event (Express, Next, Hono, Deno and proxies heed it; `content-encoding: identity` is no coding of
 * HTTP's), and `x-accel-buffering` keeps nginx, and those that took it over, from collecting it.
 */
export function streamed(
  body: () => ReadableStream<Uint8Array<ArrayBuffer>>,
  contentType: string,
  { status = 200, headers: more }: ResponseOptions,
): Response {
  const headers = new Headers(more); // which may hold several cookies
  for (const [name, value] of Object.entries({ ...UNHINDERED, "content-type": contentType })) {
    if (!headers.has(name)) headers.set(name, value);
  }
  new Response("", { status, headers }); // before `body` claims a source: what cannot be a response throws here
  return new Response(body(), { status, headers });
}

const UNHINDERED = { "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" };

export const EVENT_STREAM = "text/event-stream; charset=utf-8";
