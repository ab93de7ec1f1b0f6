// What is refused is refused in OpenAI's words and with the right status, and costs the upstream nothing.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Served } from "../../../edge-examples/chat/serve.ts";
import { configOf } from "../../../edge-examples/gateway/worker/config.ts";
import { fetchAlone, type RequestToSend, startServer } from "../../support/http.ts";
import { ask, errorIn, type Gateway, KEY, OTHER_TOKEN, PROMPT, startGateway, TOKEN } from "./support.ts";

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

let provider: Served;
let reply: Reply | undefined; // undefined: none at all
let asked = 0;
let gateway: Gateway;

beforeAll(async () => {
  provider = await startServer((request, response) => {
    asked += 1;
    request.resume().on("end", () => {
      if (reply !== undefined) response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  });
  gateway = await startGateway(
    {
      provider: { url: provider.url, key: "UPSTREAM_KEY" },
      gone: { url: "http://127.0.0.1:9" },
      keyless: { url: provider.url, key: "NOT_SET" },
    },
    {
      FIRST_SECONDS: 0.4,
      MAX_BODY_BYTES: 64 * 1024,
      CORS_ORIGINS: ["https://app.example"],
      models: { "team/large": { upstream: "provider", callers: ["bob"] } },
    },
  );
});
afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const authorization = { authorization: `Bearer ${TOKEN}` };
const post = (body: string | Uint8Array, headers: Record<string, string> = authorization): RequestToSend => ({
  method: "POST",
  headers,
  body,
});
const messages = [{ role: "user", content: PROMPT }];
const completion = (body: unknown): RequestToSend => post(JSON.stringify(body));
const send = (init: RequestToSend, path = "/chat/completions"): Promise<Response> =>
  fetchAlone(`${gateway.url}${path}`, init);

describe("a request is refused", () => {
  test.each<[string, RequestToSend, number, string, string?]>([
    ["without a token", post("{}", {}), 401, "missing_api_key"],
    ["with a token in another scheme", post("{}", { authorization: `Basic ${TOKEN}` }), 401, "missing_api_key"],
    ["with a token that is nobody's", post("{}", { authorization: "Bearer sk-nobody" }), 401, "invalid_api_key"],
    [
      "with the beginning of a token",
      post("{}", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }),
      401,
      "invalid_api_key",
    ],
    ["with more than a token", post("{}", { authorization: `Bearer ${TOKEN}x` }), 401, "invalid_api_key"],
    ["with a caller's name as the token", post("{}", { authorization: "Bearer alice" }), 401, "invalid_api_key"],
    ["with the upstream's key", post("{}", { authorization: `Bearer ${KEY}` }), 401, "invalid_api_key"],
    ["with another method", { method: "PUT", headers: authorization, body: "{}" }, 405, "method_not_allowed"],
    ["without a body", post(""), 400, "invalid_json"],
    ["that is no JSON", post('{"model":'), 400, "invalid_json"],
    ["that is no UTF-8", post(new Uint8Array([0x22, 0xff, 0x22])), 400, "invalid_request"],
    ["that is nested too deep to read", post(`${"[".repeat(30_000)}${"]".repeat(30_000)}`), 400, "invalid_json"],
    ["that is no object", completion([]), 400, "invalid_request"],
    ["without a model", completion({ messages }), 400, "invalid_request", "model"],
    ["with a model that is no name", completion({ model: 4, messages }), 400, "invalid_request", "model"],
    ["without messages", completion({ model: "provider" }), 400, "invalid_request", "messages"],
    ["with no messages in it", completion({ model: "provider", messages: [] }), 400, "invalid_request", "messages"],
    [
      "with a message that is none",
      completion({ model: "provider", messages: ["hi"] }),
      400,
      "invalid_request",
      "messages",
    ],
    [
      "with a stream that is no yes or no",
      completion({ model: "provider", messages, stream: "yes" }),
      400,
      "invalid_request",
      "stream",
    ],
    ["for a model that is not here", completion({ model: "gpt-none", messages }), 404, "model_not_found", "model"],
    ["for a model of every object", completion({ model: "__proto__", messages }), 404, "model_not_found", "model"],
    ["for a model of somebody else", completion({ model: "team/large", messages }), 403, "model_not_allowed", "model"],
    [
      "that is too large",
      completion({ model: "provider", messages, pad: "x".repeat(64 * 1024) }),
      413,
      "request_too_large",
    ],
  ])("%s", async (_, init, status, code, param) => {
    const before = asked;
    const response = await send(init);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(errorIn(await response.text())).toEqual({
      message: expect.stringMatching(/^[A-Z`].{5,}/),
      type: status === 403 ? "permission_error" : "invalid_request_error",
      code,
      param: param ?? null,
    });
    expect(await gateway.lineOf(response)).toMatchObject({ outcome: "error", status, error: code, bytes: 0 });
    expect(asked).toBe(before);
  });

  test("at another path", async () => {
    for (const path of ["", "/", "/completions", "/chat/completions/x", "/chat/completions/"]) {
      const response = await send(completion({ model: "provider", messages }), path);
      expect(response.status).toBe(404);
      expect(errorIn(await response.text()).code).toBe("not_found");
    }
  });

  test("and told the right method, and what kind of token", async () => {
    expect((await send({ method: "GET", headers: authorization })).headers.get("allow")).toBe("POST");
    expect((await send(post("{}", authorization), "/models")).headers.get("allow")).toBe("GET");
    expect((await send(post("{}", {}))).headers.get("www-authenticate")).toBe("Bearer");
  });

  test("a byte beyond the limit, when it never ends", async () => {
    const response = await send({ ...post(" ".repeat(64 * 1024 + 1)), isEndless: true });
    expect(response.status).toBe(413);
  });
});

describe("models", () => {
  const list = async (token: string): Promise<unknown[]> => {
    const response = await fetch(`${gateway.url}/models`, { headers: { authorization: `Bearer ${token}` } });
    const { object, data } = await response.json();
    expect(object).toBe("list");
    return data;
  };

  test("are those of the configuration that the caller may use", async () => {
    const names = async (token: string): Promise<string[]> => (await list(token)).map((model) => Object(model).id);
    expect(await names(TOKEN)).toEqual(["provider", "gone", "keyless"]);
    expect(await names(OTHER_TOKEN)).toEqual(["provider", "gone", "keyless", "team/large"]);
    expect((await list(TOKEN))[0]).toEqual({ id: "provider", object: "model", created: 0, owned_by: "provider" });
  });

  test("can be asked for one by one, with a slash in the name too", async () => {
    const headers = { authorization: `Bearer ${OTHER_TOKEN}` };
    expect((await (await fetch(`${gateway.url}/models/team/large`, { headers })).json()).id).toBe("team/large");
    expect((await (await fetch(`${gateway.url}/models/team%2Flarge`, { headers })).json()).id).toBe("team/large");
    expect((await fetch(`${gateway.url}/models/team/large`, { headers: authorization })).status).toBe(403);
    expect((await fetch(`${gateway.url}/models/none`, { headers })).status).toBe(404);
    expect((await fetch(`${gateway.url}/models/%`, { headers })).status).toBe(404);
    expect((await fetch(`${gateway.url}/models`)).status).toBe(401);
  });
});

describe("an upstream that refuses", () => {
  const said = (message: string, more = {}): string => JSON.stringify({ error: { message, ...more } });

  test.each<[string, Reply, { status: number; code: string; message?: RegExp; type?: string; retryAfter?: string }]>([
    [
      "a bad request: in its own words",
      {
        status: 400,
        body: said("`temperature` is 3", { type: "invalid_request_error", code: "bad_value", param: "temperature" }),
      },
      { status: 400, code: "bad_value", message: /^`temperature` is 3$/, type: "invalid_request_error" },
    ],
    [
      "too many requests: with when to come again",
      { status: 429, headers: { "retry-after": "7" }, body: said("Slow down", { type: "tokens" }) },
      { status: 429, code: "upstream_429", message: /^Slow down$/, type: "tokens", retryAfter: "7" },
    ],
    [
      "because it is overloaded",
      { status: 529, headers: { "retry-after": "3" }, body: said("Overloaded") },
      { status: 503, code: "upstream_529", type: "server_error", retryAfter: "3" },
    ],
    ["because it is down", { status: 503 }, { status: 503, code: "upstream_503", type: "server_error" }],
    [
      "with a failure of its own",
      { status: 500, body: "<h1>Oops</h1>" },
      { status: 502, code: "upstream_500", message: /HTTP 500$/ },
    ],
    ["a gateway's own timeout", { status: 504 }, { status: 504, code: "upstream_504" }],
    [
      "the model: then the configuration is wrong, not the caller",
      { status: 404 },
      { status: 502, code: "upstream_404" },
    ],
    [
      "the key: without a word about it",
      { status: 401, body: said(`Bad key ${KEY}`) },
      { status: 502, code: "upstream_refused" },
    ],
    [
      "with the key in its words",
      { status: 400, body: said(`I got ${KEY}`, { code: KEY, param: KEY, type: KEY }) },
      { status: 400, code: "upstream_400", message: /^I got \[key\]$/ },
    ],
    [
      "in the caller's words, also where a code belongs",
      { status: 400, body: said(`Not this: ${PROMPT}`, { code: PROMPT, type: PROMPT }) },
      { status: 400, code: "upstream_400", message: /Grüße/, type: "invalid_request_error" },
    ],
    [
      "by sending us elsewhere",
      { status: 307, headers: { location: "http://127.0.0.1:1/" } },
      { status: 502, code: "upstream_307" },
    ],
    [
      "with a page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<p>hi" },
      { status: 502, code: "upstream_no_answer", message: /text\/html/ },
    ],
    [
      "with 200 and an error in JSON",
      { status: 200, headers: { "content-type": "application/json" }, body: said("No such thing") },
      { status: 502, code: "upstream_no_answer", message: /No such thing/ },
    ],
  ])("%s", async (_, next, { status, code, message = /./, type, retryAfter = null }) => {
    reply = next;
    const response = await ask(gateway, "provider");
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(errorIn(text)).toMatchObject({
      code,
      message: expect.stringMatching(message),
      ...(type === undefined ? {} : { type }),
    });
    expect(response.headers.get("retry-after")).toBe(retryAfter);
    expect(text).not.toContain(KEY);
    expect(await gateway.lineOf(response)).toMatchObject({ outcome: "error", status, error: code, model: "provider" });
  });

  test("by not being there", async () => {
    const response = await ask(gateway, "gone");
    expect(response.status).toBe(502);
    expect(errorIn(await response.text())).toMatchObject({ code: "upstream_unreachable", type: "server_error" });
  });

  test("by not answering in time", async () => {
    reply = undefined;
    const response = await ask(gateway, "provider");
    expect(response.status).toBe(504);
    expect(errorIn(await response.text())).toMatchObject({ code: "upstream_timeout", type: "server_error" });
  });
});

describe("a gateway that is misconfigured", () => {
  test("says so to the caller, and how to its log, and nobody learns a secret", async () => {
    const response = await ask(gateway, "keyless");
    expect(response.status).toBe(500);
    expect(errorIn(await response.text())).toMatchObject({
      code: "misconfigured",
      message: "The gateway is misconfigured: its log says how",
    });
    expect(await gateway.lineOf(response)).toMatchObject({
      error: "misconfigured",
      detail: "The secret NOT_SET is not set",
    });
  });

  test.each([
    ["UPSTREAMS.a.url", { UPSTREAMS: { a: { url: "ftp://host" } } }],
    ["UPSTREAMS.a.provider", { UPSTREAMS: { a: { url: "http://host", provider: "none" as never } } }],
    ["MODELS.m.upstream", { MODELS: { m: { upstream: "nowhere" } } }],
    ["UPSTREAMS.a.url", { UPSTREAMS: { a: {} as never } }],
    ["UPSTREAMS.a.ulr", { UPSTREAMS: { a: { url: "http://host", ulr: "" } as never } }],
    ["CALLERS", { CALLERS: undefined as never }],
    ["CALLERS", { CALLERS: "" }],
    ["CALLERS.0", { CALLERS: "secret-but-nobodys" }],
    ["CALLERS.1", { CALLERS: `a:${TOKEN} b:short-secret` }],
    ["IDLE_SECONDS", { IDLE_SECONDS: "soon" as never }],
  ])("in %s says so in its log", (where, env) => {
    const wrong = { UPSTREAMS: { a: { url: "http://host" } }, MODELS: {}, CALLERS: `a:${TOKEN}`, ...env };
    let thrown: unknown;
    try {
      configOf(wrong);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      status: 500,
      code: "misconfigured",
      detail: expect.stringMatching(new RegExp(`^${where} `)),
    });
    expect(Object(thrown).detail).not.toMatch(/short-secret|secret-but/);
  });
});

describe("pages of other origins", () => {
  const from = (origin: string, method = "GET"): Promise<Response> =>
    fetch(`${gateway.url}/models`, {
      method,
      headers: { ...authorization, origin, "access-control-request-headers": "authorization,x-stainless-os" },
    });

  test("may ask where that is configured, and read refusals", async () => {
    for (const response of [
      await from("https://app.example"),
      await send(post("{}", { origin: "https://app.example" })),
    ]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
      expect(response.headers.get("vary")).toBe("origin");
    }
    const preflight = await from("https://app.example", "OPTIONS");
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization,x-stainless-os");
  });

  test("may not from elsewhere", async () => {
    for (const method of ["GET", "OPTIONS"]) {
      expect((await from("https://evil.example", method)).headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("may not at all where nothing is configured", async () => {
    const closed = await startGateway({ a: { url: provider.url } });
    const response = await fetch(`${closed.url}/models`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example" },
    });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    await closed.close();
  });
});
