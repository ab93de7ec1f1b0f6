// The Worker of http.test.ts: what a gateway is made of, with a short heartbeat.
import { chat } from "sluice/chat";
import { lineResponse, openAIResponse, sseResponse, uiMessageResponse } from "sluice/serve";

const heartbeat = 50;

export default {
  async fetch(request: Request, env: { UPSTREAM: string }): Promise<Response> {
    const { pathname } = new URL(request.url);
    const answer = chat(fetch(env.UPSTREAM + pathname));
    if (pathname.startsWith("/sse")) return sseResponse(answer, { heartbeat });
    if (pathname.startsWith("/lines")) return lineResponse(answer, { heartbeat });
    if (pathname.startsWith("/openai")) return openAIResponse(answer, { heartbeat });
    return uiMessageResponse(answer, { heartbeat });
  },
};
