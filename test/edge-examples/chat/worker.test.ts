import { gzipSync } from "node:zlib";
import { chat as read } from "sluice/chat";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTINUE } from "../../../edge-examples/chat/continuing.ts";
import { CHUNKINGS, DRESSINGS, FAULTS_HEADER, type Fault } from "../../../edge-examples/chat/faults.ts";
import type { Served } from "../../../edge-examples/chat/serve.ts";
import { answerTo } from "../../../edge-examples/chat/upstream/answers.ts";
import { deltas } from "../../../edge-examples/chat/upstream/frames.ts";
import { type Sent, startUpstream, type Upstream } from "../../../edge-examples/chat/upstream/server.ts";
import { fetchAlone, type RequestToSend, startServer, until } from "../../support/http.ts";
import { post, startChat } from "./support.ts";

const SHORT = "Repeat: Grüße 👩‍🔬 aus 水,\twith a tab, “quotes” and a \\ backslash.";

let upstream: Upstream;
let slow: Upstream;
let chat: Served;
let slowChat: Served;

beforeAll(async () => {
  upstream = await startUpstream({ pace: 0, stall: 100, seed: 1 });
  slow = await startUpstream({ pace: 40, stall: 60_000, seed: 1 });
  [chat, slowChat] = await Promise.all([
    startChat({ UPSTREAM_URL: upstream.url, DEMO: "1" }),
    startChat({ UPSTREAM_URL: slow.url, DEMO: "1" }),
  ]);
});

afterAll(async () => {
  await Promise.all([chat.close(), slowChat.close()]);
  await Promise.all([upstream.close(), slow.close()]);
});

describe("an answer", () => {
  test("is the upstream's own bytes, which nothing may keep back", async () => {
    const response = await post(chat.url, "Which stages are there?");
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(response.headers.get("content-encoding")).toBeNull();
    const body = new Uint8Array(await response.arrayBuffer());
    expect(body.length).toBe(upstream.sent.at(-1)?.bytes);
    expect(await read(body).message()).toMatchObject({
      text: answerTo("Which stages are there?"),
      finish: { reason: "stop" },
      outcome: "complete",
      via: "sentinel",
    });
  });

  test("comes with reasoning, tool calls and usage", async () => {
    const { reasoning, toolCalls, usage, finish, outcome } = await read(post(chat.url, "Weather in Rome?")).message();
    expect(outcome).toBe("complete");
    expect(reasoning).toMatch(/^Two things/);
    expect(toolCalls).toMatchObject([
      { name: "get_weather", input: { city: "Rome" } },
      { name: "get_forecast", input: { days: ["Saturday", "Sunday"] } },
    ]);
    expect(finish?.reason).toBe("tool");
    expect(usage).toMatchObject({ input: expect.any(Number), output: expect.any(Number) });
  });

  const harmless: Fault[][] = [
    ...[...CHUNKINGS, ...DRESSINGS, "stall" as const].map((fault) => [fault]),
    ...CHUNKINGS.map((chunking) => [chunking, ...DRESSINGS, "stall" as const]),
  ];
  test.each(harmless.map((faults) => [faults.join(" + "), faults] as const))(
    "is the same with %s",
    async (_, faults) => {
      const message = await read(post(chat.url, SHORT, { faults })).message();
      expect(upstream.sent.at(-1)?.faults).toEqual(faults);
      expect(message).toMatchObject({ text: answerTo(SHORT), errors: [], outcome: "complete", via: "sentinel" });
    },
  );

  const isCut: Record<(typeof CHUNKINGS)[number], (chunk: Uint8Array) => boolean> = {
    "cut-anywhere": ([first]) => first !== "d".charCodeAt(0), // not at an event's beginning
    "one-byte": ({ length }) => length === 1,
    "split-characters": ([first = 0]) => first >= 0x80 && first < 0xc0, // in a character
  };
  test.each(CHUNKINGS)("comes as it was cut with %s, at a model's pace", async (chunking) => {
    const { body } = await post(slowChat.url, SHORT, { faults: [chunking] });
    if (body === null) throw new Error("no body");
    const [seen, answer] = body.tee();
    const cuts = (async () => {
      let count = 0;
      for await (const chunk of seen) if (isCut[chunking](chunk)) count += 1;
      return count;
    })();
    expect(await read(answer).message()).toMatchObject({ text: answerTo(SHORT), errors: [], outcome: "complete" });
    expect(await cuts).toBeGreaterThan(5);
  });

  test.each(["Greet me in ten languages", "Show me some code", "Attack this page"])(
    "“%s” is the same, cut inside its characters",
    async (question) => {
      const answer = read(post(chat.url, question, { faults: ["split-characters", ...DRESSINGS] }));
      expect(await answer.message()).toMatchObject({ text: answerTo(question), outcome: "complete" });
    },
  );

  test.each([
    ["a sentinel", "a\n\ndata: [DONE]\n\nb"],
    ["a finish", 'a\r\n\r\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\r\n\r\nb'],
    ["an error", 'a\r\rdata: {"error":{"message":"forged"}}\r\revent: error\rb'],
    ["fields and a comment", "a\nid: 1\nretry: 1\n: comment\nevent: end\u2028\u2029\u0085b"],
  ])("whose text reads like %s is only text", async (_, text) => {
    const message = await read(post(chat.url, `Repeat: ${text}`)).message();
    expect(message).toMatchObject({ text, errors: [], unknown: [], outcome: "complete", finish: { raw: "stop" } });
  });

  for (const around of [[], ["one-byte", ...DRESSINGS], ["cut-anywhere"]] as const) {
    const name = around.length === 0 ? "" : ` + ${around.join(" + ")}`;
    const whole = answerTo(SHORT);

    test(`says what is missing after malformed${name}`, async () => {
      const { text, errors, ...message } = await read(
        post(chat.url, SHORT, { faults: ["malformed", ...around] }),
      ).message();
      expect(text.length).toBeLessThan(whole.length);
      expect(text.slice(0, 5)).toBe(whole.slice(0, 5));
      expect(text.slice(-5)).toBe(whole.slice(-5));
      expect(errors.filter(({ raw }) => raw.includes("<html>"))).toMatchObject([{ code: "malformed" }]);
      expect(message.outcome).toBe("error");
    });

    test(`says what the provider said after error${name}`, async () => {
      const { errors, outcome } = await read(post(chat.url, SHORT, { faults: ["error", ...around] })).message();
      expect(errors).toMatchObject([{ code: "demo_failure", message: expect.stringMatching(/asked to fail/) }]);
      expect(outcome).toBe("error");
    });

    test.each(["early-end", "cut"] as const)(`is never a clean end after %s${name}`, async (fault) => {
      const { text, outcome, errors } = await read(post(chat.url, SHORT, { faults: [fault, ...around] })).message();
      expect(outcome).toBe(fault === "cut" ? "error" : "truncated");
      expect(errors.at(-1)?.code).toBe(fault === "cut" ? "upstream_broken" : undefined);
      expect(whole.startsWith(text)).toBe(true);
      expect(text).not.toBe("");
    });

    test.each([
      ["length", "length"],
      ["filter", "content-filter"],
    ] as const)(`is whole after %s, but says why the model stopped${name}`, async (fault, reason) => {
      const { text, outcome, finish } = await read(post(chat.url, SHORT, { faults: [fault, ...around] })).message();
      expect(outcome).toBe("complete");
      expect(finish?.reason).toBe(reason);
      expect(text.length).toBeLessThan(whole.length);
    });
  }

  test("is no whole one when the connection broke behind its finish reason, between two events", async () => {
    const provider = await startServer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n');
      setTimeout(() => response.destroy(), 100);
    });
    const worker = await startChat({ UPSTREAM_URL: provider.url });
    const { text, outcome } = await read(post(worker.url, "hi")).message();
    expect({ text, outcome }).toEqual({ text: "Hi", outcome: "error" });
    await worker.close();
    await provider.close();
  });

  test("takes its time as the upstream does: the first text is there long before the last", async () => {
    const { body } = await post(slowChat.url, `Repeat: ${"word ".repeat(20)}`);
    let chunks = 0;
    let isEarly = false; // something is here before the upstream has written all
    for await (const _ of body ?? []) {
      chunks += 1;
      isEarly ||= slow.sent.at(-1)?.state === "sending";
    }
    expect(chunks).toBeGreaterThan(10);
    expect(isEarly).toBe(true);
  });

  test("can be gone on with where it stopped", async () => {
    const question = "Which stages are there?";
    const { text } = await read(post(chat.url, question, { faults: ["early-end"] })).message();
    const messages = [
      { role: "user", content: question },
      { role: "assistant", content: text },
      { role: "user", content: CONTINUE },
    ];
    const rest = await read(
      fetch(`${chat.url}/api/chat`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages }),
      }),
    ).message();
    expect(text + rest.text).toBe(answerTo(question));
  });
});

describe("the log", () => {
  test("has a line for each answer: what became of it, what it cost and how long it took, and none of its words", async () => {
    const lines: string[] = [];
    const worker = await startChat({ UPSTREAM_URL: upstream.url, DEMO: "1" }, (line) => lines.push(line));
    const question = "Repeat: nobody else's business";
    for (const faults of [[], ["error"], ["cut"]] as const) await (await post(worker.url, question, { faults })).text();
    await until(() => lines.length === 3);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: "answer", outcome: "complete", via: "sentinel", finish: "stop", model: "sluice-demo" },
      { event: "answer", outcome: "error", error: "demo_failure" },
      { event: "answer", outcome: "truncated" },
    ]);
    const [whole] = lines.map((line) => JSON.parse(line));
    expect(whole.tokens).toMatchObject({ input: expect.any(Number), output: deltas("nobody else's business").length });
    expect(whole.milliseconds.total).toBeGreaterThanOrEqual(whole.milliseconds.first);
    expect(lines.join()).not.toContain("business");
    await worker.close();
  });
});

describe("a page that goes away", () => {
  async function leave(faults: Fault[], state: Sent["state"]): Promise<number> {
    const before = slow.sent.length;
    const leaving = new AbortController();
    const response = await post(slowChat.url, "Write a haiku", { faults, signal: leaving.signal });
    await response.body?.getReader().read();
    await until(() => slow.sent.length > before && slow.sent.at(-1)?.state === state);
    leaving.abort();
    const left = performance.now();
    await until(() => slow.sent.at(-1)?.state === "left");
    return performance.now() - left;
  }

  test("cancels the upstream in mid-answer", async () => {
    expect(await leave([], "sending")).toBeLessThan(4000);
  });

  test("cancels the upstream in mid-stall, too", async () => {
    expect(await leave(["stall"], "stalling")).toBeLessThan(6000);
  });

  test("a stall is filled with comments, which stand between events and are no part of the answer", async () => {
    const stalling = await startUpstream({ pace: 0, stall: 1300 });
    const worker = await startChat({ UPSTREAM_URL: stalling.url, DEMO: "1" });
    const faults: Fault[] = ["stall", "cut-anywhere"];
    const text = await (await post(worker.url, "Repeat: one two three four", { faults })).text();
    expect(text).toContain("\n\n: keep-alive\n\n");
    expect(await read(text).message()).toMatchObject({ text: "one two three four", errors: [], outcome: "complete" });
    expect(text.replaceAll(": keep-alive\n\n", "").length).toBe(stalling.sent.at(-1)?.bytes);
    await worker.close();
    await stalling.close();
  });

  test("no comment is put into the middle of an event, however long its rest takes", async () => {
    const parts = [
      'data: {"choices":[{"delta":{"content":"ab',
      'c"},"finish_reason":"stop"}]}\r\n',
      "\r\ndata: [DONE]\r\n\r\n",
    ];
    const provider = await startServer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const part of parts) {
        response.write(part);
        await new Promise((resolve) => setTimeout(resolve, 1200));
      }
      response.end();
    });
    const worker = await startChat({ UPSTREAM_URL: provider.url });
    const text = await (await post(worker.url, "hi")).text();
    expect(text.replaceAll(": keep-alive\n\n", "")).toBe(parts.join(""));
    expect(text.startsWith(parts.slice(0, 2).join(""))).toBe(true);
    expect(text.endsWith(": keep-alive\n\n")).toBe(true);
    await worker.close();
    await provider.close();
  });
});

describe("a bad request", () => {
  const ask = (init: RequestToSend): Promise<Response> => fetchAlone(`${chat.url}/api/chat`, init);
  const json = { "content-type": "application/json" };
  const body = (value: unknown): RequestToSend => ({ method: "POST", headers: json, body: JSON.stringify(value) });
  const messages = [{ role: "user", content: "hi" }];

  test.each<[string, RequestToSend, number, string]>([
    ["with another method", { method: "GET" }, 405, "method_not_allowed"],
    ["without a content type", { method: "POST", body: new Uint8Array(2) }, 415, "unsupported_media_type"],
    [
      "with another content type",
      { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" },
      415,
      "unsupported_media_type",
    ],
    [
      "from another site",
      { ...body({ messages }), headers: { ...json, "sec-fetch-site": "cross-site" } },
      403,
      "cross_site",
    ],
    ["without a body", { method: "POST", headers: json }, 400, "invalid_json"],
    ["that is no JSON", { method: "POST", headers: json, body: "{" }, 400, "invalid_json"],
    [
      "that is no UTF-8",
      { method: "POST", headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) },
      400,
      "invalid_utf8",
    ],
    ["that is no object", body([]), 400, "invalid_request"],
    ["without messages", body({}), 400, "invalid_request"],
    ["with no messages in it", body({ messages: [] }), 400, "invalid_request"],
    ["with too many messages", body({ messages: new Array(201).fill(messages[0]) }), 400, "invalid_request"],
    ["with an unknown role", body({ messages: [{ role: "root", content: "hi" }] }), 400, "invalid_request"],
    ["with content that is no text", body({ messages: [{ role: "user", content: 1 }] }), 400, "invalid_request"],
    ["with an unknown fault", body({ messages, faults: ["fire"] }), 400, "invalid_request"],
    ["with faults that are no list", body({ messages, faults: "cut" }), 400, "invalid_request"],
    ["that is too large", body({ messages: [{ role: "user", content: "x".repeat(128 * 1024) }] }), 413, "too_large"],
  ])("%s", async (_, init, status, code) => {
    const before = upstream.sent.length;
    const response = await ask(init);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await response.json()).toEqual({ error: { code, message: expect.stringMatching(/^[A-Z`].{5,}/) } });
    expect(upstream.sent.length).toBe(before);
  });

  test("says which method is right", async () => {
    expect((await ask({ method: "PUT", body: "{}" })).headers.get("allow")).toBe("POST");
  });

  test("a byte beyond the limit, when it never ends", async () => {
    const response = await ask({ method: "POST", headers: json, body: " ".repeat(128 * 1024 + 1), isEndless: true });
    expect(response.status).toBe(413);
  });

  test("the largest that is allowed is answered", async () => {
    const content = `Repeat: ${"x".repeat(100 * 1024)}`;
    const messages = [
      { role: "assistant", content },
      { role: "user", content: "Hello!" },
    ];
    expect((await ask(body({ messages }))).status).toBe(200);
  });

  test("to a path that isn't there", async () => {
    const response = await fetch(`${chat.url}/api/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("the page", () => {
  test("comes with its files, a strict policy, and what it should know", async () => {
    const page = await fetch(chat.url);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    const policy = page.headers.get("content-security-policy") ?? "";
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");

    const html = await page.text();
    for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect((await fetch(chat.url + path)).status, path).toBe(200);
    }
    expect((await fetch(`${chat.url}/worker.js`)).status).toBe(404);
    expect(await (await fetch(`${chat.url}/api/about`)).json()).toEqual({
      model: "sluice-demo",
      demo: true,
      deadlines: { first: 120_000, idle: 30_000 },
    });
  });

  test("has at most 60 kB of script, compressed", async () => {
    let total = 0;
    for (const name of ["main.js", "reader.js"]) {
      const script = new Uint8Array(await (await fetch(`${chat.url}/${name}`)).arrayBuffer());
      const size = gzipSync(script).length;
      console.log(`the page's ${name}: ${script.length} bytes, ${size} with gzip`);
      expect(size, name).toBeGreaterThan(5000); // or this looks at something else
      total += size;
    }
    expect(total).toBeLessThan(60_000);
  });
});

describe("a real provider", () => {
  const KEY = "sk-secret-5f2a91";
  type Reply = { status: number; headers?: Record<string, string>; body: string };
  let provider: Served;
  let worker: Served;
  let reply: Reply;
  let asked: { url?: string; headers: Record<string, unknown>; body: string }[] = [];

  beforeAll(async () => {
    provider = await startServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      asked.push({ url: request.url ?? "", headers: request.headers, body });
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
    worker = await startChat({
      UPSTREAM_URL: `${provider.url}/v1`,
      UPSTREAM_API_KEY: KEY,
      TOGETHER_API_KEY: "sk-other",
      MODEL: "some/model",
    });
  });
  afterAll(async () => {
    await worker.close();
    await provider.close();
  });

  async function answered(next: Reply): Promise<{ status: number; all: string; body: string }> {
    reply = next;
    asked = [];
    const response = await post(worker.url, "hi");
    const body = await response.text();
    return { status: response.status, body, all: JSON.stringify([...response.headers]) + body };
  }

  test("is asked with the key, the model and a stream, and never for faults", async () => {
    const { status, body, all } = await answered({
      status: 200,
      headers: { "content-type": "text/event-stream", "x-echo": KEY },
      body: 'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
    });
    expect(status).toBe(200);
    expect(await read(body).message()).toMatchObject({ text: "Hi", outcome: "complete", via: "finish" });
    expect(all).not.toContain(KEY);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe("/v1/chat/completions");
    expect(asked[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "content-type": "application/json" });
    expect(asked[0]?.headers).not.toHaveProperty(FAULTS_HEADER);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      model: "some/model",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("does not misbehave on request", async () => {
    const response = await post(worker.url, "hi", { faults: ["cut"] });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "no_faults_here" } });
  });

  const JSON_TYPE = { "content-type": "application/json" };
  test.each<[string, Reply, string, RegExp]>([
    [
      "refuses the key, and quotes it",
      { status: 401, headers: JSON_TYPE, body: `{"error":{"message":"Bad key ${KEY}"}}` },
      "upstream_refused",
      /HTTP 401/,
    ],
    [
      "is overloaded",
      { status: 429, headers: JSON_TYPE, body: `{"error":{"message":"Slow down, ${KEY}"}}` },
      "upstream_status",
      /HTTP 429: Slow down, \[key\]/,
    ],
    [
      "fails with HTML",
      { status: 503, headers: { "content-type": "text/html" }, body: `<h1>${KEY}</h1>` },
      "upstream_status",
      /HTTP 503$/,
    ],
    ["fails with a lot of it", { status: 500, body: "x".repeat(1e6) }, "upstream_status", /HTTP 500$/],
    [
      "answers with HTML",
      { status: 200, headers: { "content-type": "text/html" }, body: `<h1>${KEY}</h1>` },
      "upstream_no_stream",
      /text\/html/,
    ],
    [
      "answers in one piece",
      { status: 200, headers: JSON_TYPE, body: "{}" },
      "upstream_no_stream",
      /application\/json/,
    ],
    [
      "sends the Worker elsewhere",
      { status: 302, headers: { location: "http://127.0.0.1:9/" }, body: "" },
      "upstream_status",
      /HTTP 302/,
    ],
  ])("that %s becomes a clear error without the key", async (_, next, code, message) => {
    const { status, body, all } = await answered(next);
    expect(status).toBe(502);
    expect(JSON.parse(body)).toEqual({ error: { code, message: expect.stringMatching(message) } });
    expect(all).not.toContain(KEY);
    expect(asked).toHaveLength(1);
  });

  test("that is not there becomes a clear error", async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const lost = await startChat({ UPSTREAM_URL: gone.url, UPSTREAM_API_KEY: KEY });
    const response = await post(lost.url, "hi");
    expect(response.status).toBe(502);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code: "upstream_unreachable" } });
    expect(text).not.toContain(KEY);
    await lost.close();
  });

  test("that is no URL becomes a clear error", async () => {
    const lost = await startChat({ UPSTREAM_URL: `ftp://${KEY}` });
    const response = await post(lost.url, "hi");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(KEY);
    await lost.close();
  });
});
