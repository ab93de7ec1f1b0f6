// Asks an OpenAI-compatible provider for a list in JSON, and sends each item on as soon as it is whole: as a page that grows
// without any script, or as lines of JSON for `curl -N -H "accept: application/x-ndjson" "http://…/?topic=rivers"`.
import { bufferParse, decode, filterEmpty, flow, map, splitSSE } from "sluice";
import { selectJSON, unfence } from "sluice/json";
import { lineResponse } from "sluice/serve";

export interface Env {
  /** Of the provider's chat completions, e.g. https://api.together.xyz/v1/chat/completions */
  UPSTREAM_URL: string;
  UPSTREAM_API_KEY: string;
  MODEL: string;
}

interface Item {
  name: string;
  why: string;
}

interface Chunk {
  choices?: { delta?: { content?: string | null } }[];
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const topic = new URL(request.url).searchParams.get("topic") ?? "rivers of Europe";
    const upstream = await ask(topic, env, request.signal);
    if (!upstream.ok) {
      await upstream.body?.cancel(); // nobody reads it
      return new Response(`The provider says ${upstream.status}\n`, { status: 502 });
    }
    // Its last line says whether the list is complete: workerd ends a stream that failed as cleanly as any other.
    if (request.headers.get("accept")?.includes("application/x-ndjson")) return lineResponse(itemsOf(upstream));
    const encoder = new TextEncoder();
    const html = flow(
      page(topic, itemsOf(upstream)),
      map((text) => encoder.encode(text)),
    );
    return new Response(html.readable, { headers: { "content-type": "text/html; charset=utf-8" } });
  },
};

function ask(topic: string, env: Env, signal: AbortSignal): Promise<Response> {
  const content = `Ten ${topic}, as JSON: {"items":[{"name":"…","why":"one sentence"}]}. Nothing but the JSON.`;
  return fetch(env.UPSTREAM_URL, {
    method: "POST",
    signal,
    headers: { authorization: `Bearer ${env.UPSTREAM_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model: env.MODEL, stream: true, messages: [{ role: "user", content }] }),
  });
}

/** The items of the answer's list, each when it is whole. An answer that is cut off or no JSON is an error behind them. */
function itemsOf(answer: Response): AsyncIterable<Item> {
  return flow(
    answer,
    decode(),
    splitSSE(),
    filterEmpty({ requireSentinel: true }),
    bufferParse<Chunk>(),
    map(({ choices }) => choices?.[0]?.delta?.content ?? ""),
    unfence(), // models like to say "Here is the list:", whatever they were told
    selectJSON<Item>("$.items[*]"),
  );
}

async function* page(topic: string, items: AsyncIterable<Item>): AsyncGenerator<string> {
  yield `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(topic)}</title><h1>${escaped(topic)}</h1><ol>\n`;
  let ending = "</ol>\n";
  try {
    for await (const { name, why } of items) yield `<li><b>${escaped(name)}</b> ${escaped(why)}</li>\n`;
  } catch (error) {
    // The status has been sent long ago: that the list is not complete has to be said here.
    ending += `<p role="alert">The list is not complete: ${escaped(error instanceof Error ? error.message : error)}</p>\n`;
  }
  yield ending;
}

/** A model's text is no markup. */
function escaped(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
