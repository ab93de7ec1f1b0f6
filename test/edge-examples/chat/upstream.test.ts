import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHUNKINGS, DRESSINGS, FAULTS_HEADER, type Fault } from "../../../edge-examples/chat/faults.ts";
import { answerTo } from "../../../edge-examples/chat/upstream/answers.ts";
import { deltas, frames } from "../../../edge-examples/chat/upstream/frames.ts";
import { plan, type Step } from "../../../edge-examples/chat/upstream/plan.ts";
import { startUpstream, type Upstream } from "../../../edge-examples/chat/upstream/server.ts";
import { until } from "../../support/http.ts";

const ANSWER = "Grüße 👩‍🔬 aus 水, with a\ttab: “whole”, and a few words more so that there is a middle.";
const ABOUT = { id: "demo", created: 1, promptTokens: 3, includeUsage: false };
const FRAMES = frames({ text: ANSWER }, ABOUT);

function chunksOf(faults: readonly Fault[], seed = 1): Uint8Array[] {
  return [...plan(FRAMES, faults, seed)].flatMap((step) => (step.kind === "chunk" ? [step.bytes] : []));
}

function textOf(chunks: readonly Uint8Array[]): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

function kindsOf(faults: readonly Fault[]): Step["kind"][] {
  return Array.from(plan(FRAMES, faults, 1), ({ kind }) => kind);
}

const CLEAN = textOf(chunksOf([]));

describe("the answers of the embedded upstream", () => {
  test.each([
    ["What is sluice?", /byte stream/],
    ["Which stages are there?", /splitSSE/],
    ["Tell me about JSON", /incomplete/],
    ["How does streaming work?", /pulled/],
    ["What are server-sent events?", /WHATWG/],
    ["How do you know an answer is whole?", /proof/],
    ["Show me some code", /```ts/],
    ["Make a list", /^1\. /m],
    ["Make a table", /^\|/m],
    ["Greet me in ten languages", /العربية/],
    ["こんにちは", /日本語/],
    ["Hello!", /demo upstream/],
    ["help", /You can ask me/],
    ["Write a haiku", /^> /m],
    ["thanks", /welcome/],
  ])("%s", (question, expected) => {
    expect(answerTo(question)).toMatch(expected);
  });

  test("what it does not know it says, with the question as text and without its Markdown", () => {
    const answer = answerTo("Who won *the* [cup](http://x)?");
    expect(answer).toContain("demo without a model");
    expect(answer).toContain("Who won \\*the\\* \\[cup\\]\\(http://x\\)?");
  });

  test("“Repeat:” gives a text back as it is", () => {
    expect(answerTo("Repeat: <b>a\tb</b>")).toBe("<b>a\tb</b>");
  });

  test("deltas lose nothing and cut no character", () => {
    for (const question of ["Greet me in ten languages", "Show me some code", "Make a table"]) {
      const answer = answerTo(question);
      expect(deltas(answer).join("")).toBe(answer);
      expect(deltas(answer).every((delta) => !/\p{Surrogate}/u.test(delta) && delta.length < 40)).toBe(true);
    }
  });
});

describe("the plan of an answer", () => {
  test("without faults each event is a chunk, and [DONE] is the last", () => {
    const chunks = chunksOf([]);
    expect(chunks).toHaveLength(FRAMES.length + 1);
    expect(chunks.map((chunk) => textOf([chunk]))).toEqual([
      ...FRAMES.map(({ json }) => `data: ${json}\n\n`),
      "data: [DONE]\n\n",
    ]);
  });

  test.each(CHUNKINGS)("%s changes no byte", (chunking) => {
    const dressed = chunking === "split-characters" ? CLEAN.replaceAll("}]}", '}],"obfuscation":"é水💧"}') : CLEAN;
    expect(textOf(chunksOf([chunking]))).toBe(dressed);
  });

  test("one-byte: each byte is a chunk", () => {
    expect(new Set(chunksOf(["one-byte"]).map(({ length }) => length))).toEqual(new Set([1]));
  });

  test("split-characters: every character of more than a byte is cut once, and nothing else is", () => {
    const chunks = chunksOf(["split-characters"]);
    const wide = Array.from(textOf(chunks)).filter((character) => character > "\u007f").length;
    const cutInside = chunks.filter(([first]) => first !== undefined && first >> 6 === 0b10).length;
    expect(cutInside).toBe(wide);
    expect(chunks).toHaveLength(FRAMES.length + 1 + wide);
  });

  test("cut-anywhere: the seed decides, events are cut and joined", () => {
    const sizes = (seed: number): string =>
      chunksOf(["cut-anywhere"], seed)
        .map(({ length }) => length)
        .join();
    expect(sizes(1)).toBe(sizes(1));
    expect(sizes(1)).not.toBe(sizes(2));
    const texts = chunksOf(["cut-anywhere"]).map((chunk) => Buffer.from(chunk).toString("latin1"));
    expect(texts.some((text) => !text.includes("\n\n"))).toBe(true);
    expect(texts.some((text) => /\n\n./.test(text))).toBe(true);
  });

  test("crlf: no line ends otherwise", () => {
    expect(textOf(chunksOf(["crlf"]))).toBe(CLEAN.replaceAll("\n", "\r\n"));
  });

  test("noise: comments, empty data, an event without data, fields without a value", () => {
    const text = textOf(chunksOf(["noise"]));
    for (const line of [": keep-alive", "data:", "data: ", "event: ping", "data"])
      expect(text.split("\n")).toContain(line);
  });

  test("control-characters: raw ones inside strings, and events of nothing else", () => {
    const text = textOf(chunksOf(["control-characters"]));
    expect(text).toContain("data: \0\u0007\b\n\n");
    expect(text).toContain('"obfuscation":"\u0001\u0007\u001b[0m\0\u007f"');
    expect(text).toMatch(/"content":"[^"]*\ttab/);
    expect(text).not.toContain("\\t");
  });

  test("split-json: three events hold one value, and none holds one by itself", () => {
    const data = textOf(chunksOf(["split-json"]))
      .split("\n\n")
      .slice(0, -2);
    expect(data).toHaveLength(3 * FRAMES.length);
    for (const event of data) expect(() => JSON.parse(event.slice("data: ".length))).toThrow();
    expect(data.map((event) => event.slice("data: ".length)).join("")).toBe(FRAMES.map(({ json }) => json).join(""));
  });

  test("malformed: one event in the middle is no JSON, and the others are untouched", () => {
    const events = textOf(chunksOf(["malformed"])).split("\n\n");
    const bad = events.filter((event, index) => event !== CLEAN.split("\n\n")[index]);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toContain("<html>502 Bad Gateway</html>");
    expect(events.at(-2)).toBe("data: [DONE]");
  });

  test("error: the provider's error is the last event", () => {
    const events = textOf(chunksOf(["error"])).split("\n\n");
    expect(events.at(-2)).toContain('{"error":{"message":');
    expect(textOf(chunksOf(["error"]))).not.toContain("[DONE]");
  });

  test("early-end: a clean end without a finish reason and without [DONE]", () => {
    const text = textOf(chunksOf(["early-end"]));
    expect(CLEAN.startsWith(text)).toBe(true);
    expect(text.endsWith("\n\n")).toBe(true);
    expect(text).not.toContain('"finish_reason":"stop"');
    expect(kindsOf(["early-end"])).not.toContain("drop");
  });

  test("cut: the connection drops inside an event", () => {
    const text = textOf(chunksOf(["cut"]));
    expect(CLEAN.startsWith(text)).toBe(true);
    expect(text.endsWith("\n\n")).toBe(false);
    expect(kindsOf(["cut"]).at(-1)).toBe("drop");
  });

  test("stall: a silence in the middle, and then the rest", () => {
    expect(kindsOf(["stall"]).filter((kind) => kind === "stall")).toHaveLength(1);
    expect(textOf(chunksOf(["stall"]))).toBe(CLEAN);
  });

  test("faults combine", () => {
    const text = textOf(chunksOf(["one-byte", ...DRESSINGS, "malformed", "cut"]));
    expect(text).toContain("\r\n\r\n: keep-alive\r\n");
    expect(text).toContain("<html>");
    expect(text).not.toContain("[DONE]");
  });
});

describe("the server", () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream({ pace: 0, stall: 60_000, seed: 1 });
  });
  afterAll(() => upstream.close());

  function ask(body: unknown, faults: readonly Fault[] = [], signal?: AbortSignal): Promise<Response> {
    return fetch(upstream.url, {
      method: "POST",
      headers: { "content-type": "application/json", [FAULTS_HEADER]: faults.join() },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  }
  const question = (content: string, more = {}) => ({ messages: [{ role: "user", content }], ...more });

  test("streams as OpenAI does, labelled as a demo", async () => {
    const response = await ask(question("Hello!", { stream: true, stream_options: { include_usage: true } }));
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = (await response.text()).split("\n\n").filter((event) => event !== "");
    expect(events.pop()).toBe("data: [DONE]");
    const chunks = events.map((event) => JSON.parse(event.slice("data: ".length)));
    expect(new Set(chunks.map(({ model, object }) => `${model} ${object}`))).toEqual(
      new Set(["sluice-demo chat.completion.chunk"]),
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(answerTo("Hello!"));
    expect(chunks.at(-2).choices[0].finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { completion_tokens: deltas(answerTo("Hello!")).length },
    });
  });

  test("answers in one piece without `stream`", async () => {
    const response = await ask(question("Hello!"));
    expect(await response.json()).toMatchObject({
      model: "sluice-demo",
      choices: [{ message: { role: "assistant", content: answerTo("Hello!") }, finish_reason: "stop" }],
    });
  });

  test("answers the last question, also when it comes in parts", async () => {
    const messages = [
      { role: "user", content: "Make a table" },
      { role: "assistant", content: "No." },
      {
        role: "user",
        content: [
          { type: "text", text: "Write a " },
          { type: "text", text: "haiku" },
        ],
      },
    ];
    const { choices } = await (await ask({ messages })).json();
    expect(choices[0].message.content).toBe(answerTo("Write a haiku"));
  });

  test.each([
    ["no JSON object", [], 400],
    ["no messages", { messages: [] }, 400],
    ["no user", { messages: [{ role: "system", content: "x" }] }, 400],
  ])("refuses %s", async (_, body, status) => {
    const response = await ask(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
  });

  test("refuses other paths and methods", async () => {
    expect((await fetch(new URL("/v2", upstream.url))).status).toBe(404);
    expect((await fetch(upstream.url)).status).toBe(405);
    expect((await fetch(new URL("/v1/models", upstream.url))).status).toBe(200);
  });

  test("a cut breaks the connection; an early end doesn't", async () => {
    const early = await ask(question("Make a list", { stream: true }), ["early-end"]);
    await expect(early.text()).resolves.not.toContain("[DONE]");
    const cut = await ask(question("Make a list", { stream: true }), ["cut"]);
    await expect(cut.text()).rejects.toThrow();
  });

  test("a byte that is written is a chunk that is sent", async () => {
    const { body } = await ask(question("Repeat: hi", { stream: true }), ["one-byte"]);
    let chunks = 0;
    let bytes = 0;
    for await (const chunk of body ?? []) {
      chunks += 1;
      bytes += chunk.length;
    }
    expect(bytes).toBe(upstream.sent.at(-1)?.bytes);
    expect(chunks).toBeGreaterThan(bytes * 0.9); // the kernel may join two on a busy machine
  });

  test("stops when the client leaves, also during a stall", async () => {
    for (const faults of [[], ["stall"]] as const) {
      const slow = await startUpstream({ pace: 50, stall: 60_000 });
      const leave = new AbortController();
      const response = await fetch(slow.url, {
        method: "POST",
        headers: { [FAULTS_HEADER]: faults.join() },
        body: JSON.stringify(question("Repeat: one two three four", { stream: true })),
        signal: leave.signal,
      });
      await response.body?.getReader().read();
      await until(() => slow.sent[0]?.state === (faults.length === 0 ? "sending" : "stalling"));
      leave.abort();
      await until(() => slow.sent[0]?.state === "left");
      await slow.close();
    }
  });

  test("keeps the pace it is told", async () => {
    const paced = await startUpstream({ pace: 200 });
    const began = performance.now();
    const response = await fetch(paced.url, {
      method: "POST",
      body: JSON.stringify(question(`Repeat: ${"word ".repeat(60)}`, { stream: true })),
    });
    await response.text();
    const seconds = (performance.now() - began) / 1000;
    expect(seconds).toBeGreaterThan(0.15);
    expect(seconds).toBeLessThan(10);
    await paced.close();
  });
});
