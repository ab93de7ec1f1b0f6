import { beginningOf, withoutKey, wordsIn } from "../../shared/worker/words.ts";
import type { Config } from "./config.ts";
import type { Upstream } from "./env.ts";
import type { Exchange } from "./exchange.ts";
import { GatewayError } from "./failure.ts";
import { providerOf } from "./providers/index.ts";
import type { CompletionRequest } from "./request.ts";

const MAX_MESSAGE_LENGTH = 500;

/**
 * Asks an upstream.
 *
 * @param model the upstream's own name for it
 * @returns its answer, which has begun, and is of the kind that was asked for
 * @throws GatewayError that says why there is none; its message holds no key
 */
export async function ask(
  request: CompletionRequest,
  { upstream, model }: { upstream: Upstream; model: string },
  { config, exchange }: { config: Config; exchange: Exchange },
): Promise<Response> {
  const provider = providerOf(upstream);
  const key = config.keyOf(upstream);
  const isStream = request.stream === true || provider.dialect !== undefined;
  const body = JSON.stringify(provider.body(request, model, upstream));
  const timer = setTimeout(() => exchange.stop(TIMEOUT), config.first);
  try {
    const response = await fetch(`${upstream.url.replace(/\/$/, "")}${provider.path(model)}`, {
      method: "POST",
      headers: {
        accept: isStream ? "text/event-stream" : "application/json",
        "content-type": "application/json",
        ...provider.headers,
        ...upstream.headers,
        ...(key === undefined ? {} : provider.authorization(key)),
      },
      body,
      redirect: "manual", // the key goes to the host it is meant for, and nowhere else
      signal: exchange.signal,
    });
    const problem = await problemOf(response, key, isStream);
    if (problem === undefined) return response;
    exchange.stop(problem);
    throw problem;
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    if (exchange.signal.reason === TIMEOUT) {
      throw new GatewayError("The upstream did not begin to answer in time", {
        status: 504,
        code: "upstream_timeout",
        cause,
      });
    }
    throw new GatewayError("The upstream could not be reached", { status: 502, code: "upstream_unreachable", cause });
  } finally {
    clearTimeout(timer);
  }
}

const TIMEOUT = new DOMException("The upstream did not begin to answer in time", "TimeoutError");

/** Why a response is no answer, if it is none. */
async function problemOf(
  response: Response,
  key: string | undefined,
  isStream: boolean,
): Promise<GatewayError | undefined> {
  const { status } = response;
  // Providers quote the key, or parts of it, in these; and to the caller they would mean another key.
  if (status === 401 || status === 403) {
    return new GatewayError(`The upstream refused the gateway's key (HTTP ${status})`, {
      status: 502,
      code: "upstream_refused",
    });
  }
  const type = response.headers.get("content-type") ?? "no content type";
  const isAnswer = (isStream ? /^text\/event-stream\b/i : /^application\/json\b/i).test(type) && response.body !== null;
  if (response.ok && isAnswer) return undefined;

  const words = wordsIn(withoutKey(await beginningOf(response), key));
  const said = words?.message.slice(0, MAX_MESSAGE_LENGTH);
  if (response.ok) {
    const got = said ?? type.split(";", 1)[0]?.slice(0, 60);
    return new GatewayError(`The upstream did not answer with ${isStream ? "a stream" : "JSON"}: ${got}`, {
      status: 502,
      code: "upstream_no_answer",
    });
  }
  const retryAfter = response.headers.get("retry-after");
  return new GatewayError(said ?? `The upstream answered HTTP ${status}`, {
    status: statusFor(status),
    code: nameIn(words?.code) ?? `upstream_${status}`,
    type: isCallers(status) ? nameIn(words?.type) : undefined,
    param: words?.param,
    ...(retryAfter === null ? {} : { headers: { "retry-after": retryAfter } }),
  });
}

/** A word for programs, which may stand in the log; anything longer could be a sentence of somebody's. */
function nameIn(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.:-]{1,64}$/.test(text) ? text : undefined;
}

/** Whether a status concerns what the caller has sent, rather than the gateway and its upstream. */
function isCallers(status: number): boolean {
  return status === 400 || status === 413 || status === 422 || status === 429;
}

function statusFor(status: number): number {
  if (isCallers(status)) return status;
  if (status === 503 || status === 529) return 503; // 529: Anthropic's "overloaded"
  return status === 408 || status === 504 || status === 524 ? 504 : 502;
}
