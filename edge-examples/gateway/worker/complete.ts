import type { Config } from "./config.ts";
import { Exchange } from "./exchange.ts";
import { upstreamFor } from "./models.ts";
import { passStream, passWhole } from "./pass.ts";
import type { RequestRecord } from "./record.ts";
import { readCompletionRequest } from "./request.ts";
import { ask } from "./upstream.ts";

/** Proxies that compress, or collect before they send, would keep a stream back. */
const STREAM_HEADERS = { "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" };

/**
 * The answer to `POST /v1/chat/completions`.
 *
 * @throws GatewayError when there is none to begin with
 */
export async function complete(
  request: Request,
  caller: string,
  { config, record }: { config: Config; record: RequestRecord },
): Promise<Response> {
  const asked = await readCompletionRequest(request, config.maxBodyBytes);
  const { upstream, name, model } = upstreamFor(asked.model, caller, config);
  const isStream = asked.stream === true;
  record.note({ model: asked.model, upstream: name, stream: isStream });

  const exchange = new Exchange(record, request.signal);
  const passing = { config, exchange };
  const answer = await ask(asked, { upstream, model }, passing);
  record.note({ status: answer.status });
  const type = answer.headers.get("content-type") ?? "";
  const body = answer.body ?? new ReadableStream<never>({ start: (controller) => controller.close() });
  return isStream
    ? new Response(passStream(body, passing), { headers: { "content-type": type, ...STREAM_HEADERS } })
    : new Response(passWhole(body, passing), { headers: { "content-type": type, "cache-control": "no-store" } });
}
