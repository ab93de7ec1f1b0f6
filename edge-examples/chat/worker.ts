import { observeIn, openaiChat } from "sluice/chat";
import type { Env } from "./worker/env.ts";
import { ChatError } from "./worker/failure.ts";
import { secured } from "./worker/headers.ts";
import { joined } from "./worker/joined.ts";
import { logAnswer, type Times } from "./worker/log.ts";
import { passOn } from "./worker/pass-on.ts";
import { readChatRequest } from "./worker/request.ts";
import { about, ask } from "./worker/upstream.ts";

/** Milliseconds: as long as this a page that has gone during a silence can stay unnoticed. */
const HEARTBEAT_INTERVAL = 1000;

const observe = observeIn(openaiChat);

/** The chat: its page, what the page should know, and its answers. The key of the upstream never leaves this Worker. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return secured(await respond(request, env));
  },
};

async function respond(request: Request, env: Env): Promise<Response> {
  const { pathname } = new URL(request.url);
  try {
    if (pathname === "/api/chat") return await chat(request, env);
    if (pathname === "/api/about") return Response.json(about(env), { headers: { "cache-control": "no-store" } });
    if (pathname.startsWith("/api/"))
      throw new ChatError(`There is no ${pathname} here`, { status: 404, code: "not_found" });
    return await env.ASSETS.fetch(request);
  } catch (error) {
    if (error instanceof ChatError) return error.toResponse();
    return new ChatError("The Worker failed", { status: 500, code: "internal" }).toResponse(); // whatever it was may hold what nobody should see
  }
}

/**
 * Sends the provider's bytes on as they are, so that the proof that an answer is whole goes from end to end: the page reads the
 * very stream that the provider wrote. When the page goes away, `request.signal` and the cancelled stream both end the request.
 */
async function chat(request: Request, env: Env): Promise<Response> {
  const asked = await readChatRequest(request);
  const times: Times = { began: Date.now() };
  const body = await ask(asked, env, request.signal);
  const observed = observe({
    onDelta: () => {
      times.first ??= Date.now() - times.began;
    },
    onMessage: (message) => logAnswer(message, times),
  });
  return new Response(passOn(joined(body).pipeThrough(observed), HEARTBEAT_INTERVAL, request.signal), {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
