import type { Config } from "./config.ts";
import { Exchange } from "./exchange.ts";
import { cutOff } from "./failure.ts";
import { upstreamFor } from "./models.ts";
import { passStream, passWhole } from "./pass.ts";
import { providerOf } from "./providers/index.ts";
import type { RequestRecord } from "./record.ts";
import { readCompletionRequest, wantsUsage } from "./request.ts";
import { translateStream, translateWhole } from "./translate.ts";
import { ask } from "./upstream.ts";

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
  const answer = await ask(asked, { upstream, model }, { config, exchange });
  record.note({ status: answer.status });
  const { dialect } = providerOf(upstream);
  if (dialect === undefined) return pass(answer, { isStream, config, exchange });

  const translation = { dialect, model: asked.model, key: config.keyOf(upstream), config, exchange };
  if (isStream) return stream(translateStream(answer, { ...translation, usage: wantsUsage(asked, upstream) }));
  const completion = await translateWhole(answer, translation);
  record.write("complete");
  return Response.json(completion, { headers: NOT_KEPT });
}

function pass(
  { body, headers }: Response,
  { isStream, ...passing }: { isStream: boolean; config: Config; exchange: Exchange },
): Response {
  if (body === null) throw cutOff();
  const type = headers.get("content-type") ?? "";
  if (isStream) return stream(passStream(body, passing), type);
  return new Response(passWhole(body, passing), { headers: { "content-type": type, ...NOT_KEPT } });
}

/** Proxies that compress, or collect before they send, would keep a stream back. */
function stream(body: ReadableStream<Uint8Array>, type = "text/event-stream; charset=utf-8"): Response {
  return new Response(body, {
    headers: { "content-type": type, "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" },
  });
}

const NOT_KEPT = { "cache-control": "no-store" };
