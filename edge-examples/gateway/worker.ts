import { callerOf } from "./worker/callers.ts";
import { complete } from "./worker/complete.ts";
import { type Config, configOf } from "./worker/config.ts";
import { corsHeaders, preflight } from "./worker/cors.ts";
import type { Env } from "./worker/env.ts";
import { GatewayError } from "./worker/failure.ts";
import { listModels, showModel } from "./worker/models.ts";
import { RequestRecord } from "./worker/record.ts";

/**
 * An OpenAI-compatible gateway: chat completions from the upstreams that are configured, for the callers that are. The keys of
 * the upstreams never leave this Worker, and nothing that a caller or a model says is kept.
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const record = new RequestRecord();
    const headers = new Headers({ "x-request-id": record.id, "x-content-type-options": "nosniff" });
    let response: Response;
    try {
      const config = configOf(env);
      for (const [name, value] of Object.entries(corsHeaders(request, config.corsOrigins))) headers.set(name, value);
      response = preflight(request, config.corsOrigins) ?? (await respond(request, config, record));
    } catch (error) {
      response = refusal(error, record);
    }
    for (const [name, value] of response.headers) headers.set(name, value);
    return new Response(response.body, { status: response.status, headers });
  },
};

async function respond(request: Request, config: Config, record: RequestRecord): Promise<Response> {
  const [, route, id] = /^\/v1\/(chat\/completions|models)(?:\/(.+))?$/.exec(new URL(request.url).pathname) ?? [];
  if (route === undefined || (id !== undefined && route !== "models")) {
    throw new GatewayError("There is nothing here: see POST /v1/chat/completions and GET /v1/models", {
      status: 404,
      code: "not_found",
    });
  }
  const method = route === "models" ? "GET" : "POST";
  record.note({ route: `${method} /v1/${route}` });
  if (request.method !== method) {
    throw new GatewayError(`Use ${method}`, { status: 405, code: "method_not_allowed", headers: { allow: method } });
  }
  const caller = await callerOf(request, config.callers);
  record.note({ caller });
  if (method === "POST") return complete(request, caller, { config, record });

  const response = id === undefined ? listModels(caller, config) : showModel(decoded(id), caller, config);
  record.note({ status: response.status });
  record.write("complete");
  return response;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whatever it was may hold what nobody should see, unless it was said for the caller. */
function refusal(error: unknown, record: RequestRecord): Response {
  const failure =
    error instanceof GatewayError ? error : new GatewayError("The gateway failed", { status: 500, code: "internal" });
  const detail = failure.detail ?? (error === failure ? undefined : error instanceof Error ? error.name : typeof error);
  record.note({ status: failure.status, error: failure.code, ...(detail === undefined ? {} : { detail }) });
  record.write("error");
  return failure.toResponse();
}
