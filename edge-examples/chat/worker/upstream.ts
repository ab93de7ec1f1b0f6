import { beginningOf, withoutKey, wordsIn } from "../../shared/worker/words.ts";
import type { About } from "../about.ts";
import { FAULTS_HEADER } from "../faults.ts";
import type { Env } from "./env.ts";
import { ChatError } from "./failure.ts";
import type { ChatRequest } from "./request.ts";

const TOGETHER_HOST = "api.together.xyz";
const TOGETHER_URL = `https://${TOGETHER_HOST}/v1/chat/completions`;
const TOGETHER_MODEL = "meta-llama/Llama-3.3-70B-Instruct-Turbo";

const MAX_MESSAGE_LENGTH = 300;

/** Models that reason can be silent for long before they begin, but not once they have. */
const FIRST_DEADLINE = 120_000;
const IDLE_DEADLINE = 30_000;

export function about(env: Env): About {
  return {
    model: modelOf(env),
    demo: env.DEMO === "1",
    deadlines: {
      first: Number(env.FIRST_DEADLINE) || FIRST_DEADLINE,
      idle: Number(env.IDLE_DEADLINE) || IDLE_DEADLINE,
    },
  };
}

/**
 * Asks the upstream for a streamed completion.
 *
 * @param signal cancels the request and, later, its body
 * @returns the body of the stream
 * @throws ChatError when there is no stream to read; its message holds no key
 */
export async function ask(chat: ChatRequest, env: Env, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  if (chat.faults.length > 0 && env.DEMO !== "1") {
    throw new ChatError("Only the embedded upstream misbehaves on request", { status: 400, code: "no_faults_here" });
  }
  const url = urlOf(env);
  const key = keyFor(url, env);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "text/event-stream",
        "content-type": "application/json",
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(chat.faults.length === 0 ? {} : { [FAULTS_HEADER]: chat.faults.join(", ") }),
      },
      body: JSON.stringify({
        model: modelOf(env),
        messages: chat.messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
      redirect: "manual", // the key goes to the host it is meant for, and nowhere else
      signal,
    });
  } catch (cause) {
    throw new ChatError("The upstream could not be reached", { status: 502, code: "upstream_unreachable", cause });
  }

  if (!response.ok) throw await refusal(response, key);
  const type = response.headers.get("content-type") ?? "no content type";
  if (!/^text\/event-stream\b/i.test(type) || response.body === null) {
    await response.body?.cancel();
    const got = type.split(";", 1)[0]?.slice(0, 60);
    throw new ChatError(`The upstream did not answer with an event stream, but with ${got}`, {
      status: 502,
      code: "upstream_no_stream",
    });
  }
  return response.body;
}

function urlOf(env: Env): URL {
  const address = env.UPSTREAM_URL || TOGETHER_URL;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new ChatError("UPSTREAM_URL is not an http(s) URL", { status: 500, code: "misconfigured" });
  }
  if (!url.pathname.endsWith("/chat/completions")) {
    url.pathname = `${url.pathname.replace(/\/$/, "")}/chat/completions`;
  }
  return url;
}

function keyFor(url: URL, env: Env): string | undefined {
  const key = env.UPSTREAM_API_KEY || (url.hostname === TOGETHER_HOST ? env.TOGETHER_API_KEY : undefined);
  return key || undefined; // a variable that is set to nothing is not set
}

/** Many servers have a single model, and take any name for it. */
function modelOf(env: Env): string {
  return env.MODEL || (env.DEMO === "1" ? "sluice-demo" : env.UPSTREAM_URL ? "default" : TOGETHER_MODEL);
}

/** What a status that is no success means, with the upstream's own words where they are safe to show. */
async function refusal(response: Response, key: string | undefined): Promise<ChatError> {
  const { status } = response;
  if (status === 401 || status === 403) {
    await response.body?.cancel(); // providers quote the key, or parts of it, in these
    return new ChatError(`The upstream refused the Worker's key (HTTP ${status})`, {
      status: 502,
      code: "upstream_refused",
    });
  }
  const said = wordsIn(await beginningOf(response))?.message;
  const words = said === undefined ? "" : `: ${withoutKey(said, key)}`;
  return new ChatError(`The upstream answered HTTP ${status}${words.slice(0, MAX_MESSAGE_LENGTH)}`, {
    status: 502,
    code: "upstream_status",
  });
}
