// Over real HTTP, from Node's server and from a Worker in workerd: events arrive when they happen, and whoever leaves cancels
// the provider's answer.
import { createServer, request as httpRequest, type Server, type ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { Miniflare } from "miniflare";
import { chat } from "sluice/chat";
import { lineResponse, sseResponse } from "sluice/serve";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { countedIterable, unhandledRejections } from "../support/sources.ts";
import { listen } from "./http.ts";
import { PATIENCE, tapped } from "./support.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const FORMATS = ["sse", "lines", "openai", "ui"] as const;

/** A provider: it says "Hi", then is silent, goes on, or breaks off. It notes who has left. */
const provider = {
  server: undefined as Server | undefined,
  url: "",
  left: [] as string[],
  async start() {
    const event = (content: string): string => `data: {"choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
    const answer = (path: string, response: ServerResponse): void => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event("Hi"));
      const going = path.endsWith("/going") ? setInterval(() => response.write(event(".")), 5) : undefined;
      if (path.endsWith("/broken")) setTimeout(() => response.destroy(), 20);
      response.on("close", () => {
        clearInterval(going);
        this.left.push(path);
      });
    };
    const server = createServer((request, response) => answer(request.url ?? "", response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    this.url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
    this.server = server;
  },
  async stop() {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  },
};
beforeAll(() => provider.start());
afterAll(() => provider.stop());

/** Reads until `text` has come. */
async function readUntil(response: Response, text: string): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let all = "";
  while (!all.includes(text)) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) throw new Error(`The end came before ${text}: ${all}`);
    all += decoder.decode(value, { stream: true });
  }
  reader?.releaseLock();
  return all;
}

/** A client that closes its connection in the middle; `fetch` might keep it. */
function leaveAfter(url: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: false }, (response) => {
      let all = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        all += part;
        if (!all.includes(text)) return;
        request.destroy();
        resolve();
      });
      response.on("error", () => undefined);
    });
    request.on("error", reject);
    request.end();
  });
}

describe("from Node's server", () => {
  test("an event arrives when it happens, compressed or not", async () => {
    const source = tapped<string>();
    await using server = await listen(() => sseResponse(source.stream));
    const response = await fetch(server.url, { headers: { "accept-encoding": "gzip, br" } });
    expect(response.headers.get("content-encoding")).toBeNull();
    for (const word of ["one", "two", "three"]) {
      source.give(word);
      expect(await readUntil(response, "\n\n")).toBe(`data: "${word}"\n\n`);
    }
    source.end();
    expect(await readUntil(response, "\n\n")).toContain("event: end");
  });

  test("a client that leaves cancels the source once, silent or not, and nothing is left unhandled", async () => {
    const found = await unhandledRejections(async () => {
      for (const hangs of [true, false]) {
        const values = hangs ? ["Hi"] : forever("Hi");
        const source = countedIterable(values, { hangs });
        await using server = await listen(() => sseResponse(source.iterable));
        await leaveAfter(server.url, "Hi");
        await vi.waitUntil(() => source.cancels.length > 0, PATIENCE);
        const { pulls } = source;
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(source.cancels).toEqual([undefined]);
        expect(source.pulls).toBe(pulls);
      }
    });
    expect(found).toEqual([]);
  });

  test("a client that leaves cancels the provider's answer", async () => {
    for (const how of ["silent", "going"]) {
      await using server = await listen(() => sseResponse(chat(fetch(`${provider.url}/node/${how}`))));
      await leaveAfter(server.url, "Hi");
      await vi.waitUntil(() => provider.left.includes(`/node/${how}`), PATIENCE);
    }
  });

  test("a client that is slow is waited for", async () => {
    const source = countedIterable(forever("x".repeat(10_000)));
    await using server = await listen(() => sseResponse(source.iterable));
    const response = await fetch(server.url);
    const isStill = async (): Promise<boolean> => {
      const { pulls } = source;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return pulls > 0 && source.pulls === pulls; // what fits between is full
    };
    await vi.waitUntil(isStill, PATIENCE);
    await response.body?.cancel();
    await vi.waitUntil(() => source.cancels.length > 0, PATIENCE);
  });

  test("a source that fails ends the response with an error event, and the response itself well", async () => {
    await using server = await listen(() => sseResponse(chat(fetch(`${provider.url}/node/broken`))));
    const text = await (await fetch(server.url)).text();
    expect(text).toMatch(/event: error\n.*\n\nevent: end\ndata: {"type":"end","outcome":"truncated"}\n\n$/);
  });
});

describe("from a Worker", () => {
  let worker: Miniflare;
  let url: string;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [`${root}test/serve/worker.ts`],
      bundle: true,
      format: "esm",
      target: "es2022",
      write: false,
      tsconfig: `${root}tsconfig.json`,
    });
    worker = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? "",
      compatibilityDate: "2026-07-30", // as in wrangler.toml
      cf: false, // or miniflare asks Cloudflare where it is
      host: "127.0.0.1",
      bindings: { UPSTREAM: provider.url },
    });
    url = (await worker.ready).origin;
  });
  afterAll(() => worker.dispose());

  test.for(FORMATS)(
    "%s: events arrive when they happen, uncompressed, with signs of life between them",
    async (format) => {
      const leaving = new AbortController();
      const response = await fetch(`${url}/${format}/silent`, {
        headers: { "accept-encoding": "gzip, br" },
        signal: leaving.signal,
      });
      expect(response.headers.get("content-encoding")).toBeNull();
      await readUntil(response, "Hi");
      await readUntil(response, format === "lines" ? "\n" : ": keep-alive\n\n");
      leaving.abort();
    },
  );

  test.for(FORMATS)("%s: a client that leaves cancels the provider's answer, silent or not", async (format) => {
    for (const how of ["silent", "going"]) {
      const path = `/${format}/left/${how}`;
      await leaveAfter(url + path, "Hi");
      await vi.waitUntil(() => provider.left.includes(path), PATIENCE);
      expect(provider.left.filter((each) => each === path)).toHaveLength(1);
    }
  });

  test("a provider that breaks off is an error event, and the response ends well", async () => {
    const text = await (await fetch(`${url}/sse/broken`)).text();
    expect(text).toMatch(/event: error\n.*\n\nevent: end\ndata: {"type":"end","outcome":"truncated"}\n\n$/);
  });
});

test("Hono's compression lets it through, event by event", async () => {
  const app = new Hono();
  app.use(compress({ contentTypeFilter: () => true }));
  const sources = { sse: tapped<string>(), lines: tapped<string>() };
  app.get("/sse", () => sseResponse(sources.sse.stream));
  app.get("/lines", () => lineResponse(sources.lines.stream));
  app.get("/other", () => new Response("x".repeat(2000)));
  const headers = { "accept-encoding": "gzip" };
  expect((await app.request("/other", { headers })).headers.get("content-encoding")).toBe("gzip"); // it is at work
  for (const format of ["sse", "lines"] as const) {
    sources[format].give("Hi");
    const response = await app.request(`/${format}`, { headers });
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(await readUntil(response, '"Hi"\n')).toContain('"Hi"');
    await response.body?.cancel();
    expect(sources[format].cancels).toHaveLength(1);
  }
});

function* forever<T>(value: T): Generator<T> {
  for (;;) yield value;
}
