// Answers pass byte for byte, and what became of each is in the log; nobody who leaves is kept waiting for.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHUNKINGS, DRESSINGS } from "../../../edge-examples/chat/faults.ts";
import { startServer, until } from "../../support/http.ts";
import {
  ask,
  errorIn,
  everyFault,
  type Gateway,
  KEY,
  PROMPT,
  type Recorder,
  startGateway,
  startRecorded,
  TOKEN,
} from "./support.ts";

let upstream: Recorder;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startRecorded({ pace: 0, stall: 50, seed: 1 });
  gateway = await startGateway(everyFault(upstream));
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
const lastEvent = (bytes: Buffer): string =>
  bytes
    .toString()
    .trimEnd()
    .split("\n\n")
    .at(-1)
    ?.replace(/^data: /, "") ?? "";

describe("a stream", () => {
  test.each(["good", ...CHUNKINGS, ...DRESSINGS, "stall"])("of %s is the upstream's, byte for byte", async (model) => {
    const response = await ask(gateway, model, { stream_options: { include_usage: true } });
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    const bytes = await bytesOf(response);
    expect(bytes.equals(upstream.bodies.at(-1) ?? Buffer.alloc(0))).toBe(true);
    expect(bytes.toString()).toMatch(/data: \[DONE\]\s+$/);

    const line = await gateway.lineOf(response);
    expect(line).toMatchObject({
      outcome: "complete",
      caller: "alice",
      model,
      stream: true,
      status: 200,
      finish: "stop",
    });
    expect(line.usage).toMatchObject({ output: expect.any(Number), total: expect.any(Number) });
    expect(line["bytes"]).toBe(bytes.length);
    expect(line["firstByteMs"]).toBeLessThanOrEqual(Number(line["totalMs"]));
  });

  test("that says itself what is wrong is the upstream's, too", async () => {
    for (const model of ["error", "malformed"]) {
      const response = await ask(gateway, model);
      const bytes = await bytesOf(response);
      expect(bytes.equals(upstream.bodies.at(-1) ?? Buffer.alloc(0))).toBe(true);
      expect(await gateway.lineOf(response)).toMatchObject({ outcome: "error", status: 200 });
    }
  });

  test.each(["cut", "early-end"])("that ends in %s doesn't end like a whole one", async (model) => {
    const response = await ask(gateway, model);
    const bytes = await bytesOf(response);
    const sent = upstream.bodies.at(-1) ?? Buffer.alloc(0);
    expect(bytes.subarray(0, sent.length).equals(sent)).toBe(true);
    expect(errorIn(lastEvent(bytes))).toEqual({
      message: "The upstream's answer was cut off",
      type: "server_error",
      code: "upstream_truncated",
      param: null,
    });
    expect(await gateway.lineOf(response)).toMatchObject({ outcome: "truncated", error: "upstream_truncated" });
  });

  test("that is no stream, whatever it says, doesn't end like an empty one", async () => {
    const page = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).end("<html>Busy</html>");
    });
    const other = await startGateway({ page: { url: page.url } });
    const response = await ask(other, "page");
    const bytes = await bytesOf(response);
    expect(bytes.toString().startsWith("<html>Busy</html>")).toBe(true);
    expect(errorIn(lastEvent(bytes)).code).toMatch(/upstream_(unreadable|truncated)/);
    expect((await other.lineOf(response)).outcome).not.toBe("complete");
    await other.close();
    await page.close();
  });

  test("whose connection stays open behind [DONE] ends all the same, and whole", async () => {
    let isLeft = false;
    const open = await startServer((_, response) => {
      response.on("close", () => {
        isLeft = true;
      });
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(
        'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      );
    });
    const other = await startGateway({ open: { url: open.url } });
    const response = await ask(other, "open");
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
    expect(await other.lineOf(response)).toMatchObject({ outcome: "complete" });
    await until(() => isLeft);
    await other.close();
    await open.close();
  });
});

describe("an answer in one piece", () => {
  test("is the upstream's, byte for byte", async () => {
    const response = await ask(gateway, "good", { stream: false });
    expect(response.headers.get("content-type")).toBe("application/json");
    const bytes = await bytesOf(response);
    expect(bytes.equals(upstream.bodies.at(-1) ?? Buffer.alloc(0))).toBe(true);
    const line = await gateway.lineOf(response);
    expect(line).toMatchObject({
      outcome: "complete",
      stream: false,
      finish: "stop",
      usage: { input: expect.any(Number) },
    });
    expect(line.usage?.["output"]).toBeGreaterThan(3);
  });

  test("that was cut off is said to be", async () => {
    const cut = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write('{"choices":[{"index":0,"mess');
      setTimeout(() => response.destroy(), 20);
    });
    const other = await startGateway({ cut: { url: cut.url } });
    const response = await ask(other, "cut", { stream: false });
    await response.text().then(
      (text) => expect(() => JSON.parse(text)).toThrow(),
      () => undefined,
    );
    expect(await other.lineOf(response)).toMatchObject({ outcome: "truncated", error: "upstream_truncated" });
    await other.close();
    await cut.close();
  });
});

describe("a request", () => {
  test("goes on with everything in it, the upstream's name for the model, and the upstream's key", async () => {
    const other = await startGateway(
      { good: { url: upstream.url, key: "UPSTREAM_KEY", headers: { "x-title": "here" }, usage: true } },
      { models: { nice: { upstream: "good", model: "vendor/real-name" } } },
    );
    const response = await ask(other, "nice", { seed: "SEED", temperature: 0.25, tools: [{ type: "function" }] });
    await response.text();
    const asked = upstream.requests.at(-1);
    expect(JSON.parse(asked?.body ?? "")).toEqual({
      model: "vendor/real-name",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "user", content: PROMPT }],
      seed: "SEED",
      temperature: 0.25,
      tools: [{ type: "function" }],
    });
    expect(asked?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "x-title": "here",
      accept: "text/event-stream",
    });
    expect((await other.lineOf(response)).usage?.["output"]).toBeGreaterThan(3);
    expect(JSON.stringify(asked)).not.toContain(TOKEN);
    await other.close();
  });

  test("keeps integers that a number cannot hold, and one of several members of a name", async () => {
    const body = `{"model":"evil","seed":12345678901234567890,"stop":[1.5,9007199254740993],"model":"good","messages":[{"role":"user","content":"Repeat: x"}]}`;
    const response = await fetch(`${gateway.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}` },
      body,
    });
    expect(response.status).toBe(200);
    await response.text();
    expect(upstream.requests.at(-1)?.body).toBe(
      body.replace('"model":"evil",', '"model":"good",').replace('"model":"good","messages"', '"messages"'),
    );
  });
});

describe("silence", () => {
  test("is filled with comments between events, where that is wanted; without them the bytes are the upstream's", async () => {
    const slow = await startRecorded({ pace: 0, stall: 700, seed: 1 });
    const other = await startGateway(everyFault(slow), { HEARTBEAT_SECONDS: 0.2 });
    const response = await ask(other, "stall");
    const text = (await bytesOf(response)).toString();
    expect(text.split(": keep-alive\n\n").length).toBeGreaterThan(2);
    expect(text.replaceAll(": keep-alive\n\n", "")).toBe(slow.bodies.at(-1)?.toString());
    expect(await other.lineOf(response)).toMatchObject({ outcome: "complete" });
    await other.close();
    await slow.close();
  });

  test("in the middle of an event is left alone", async () => {
    const halves = [
      'data: {"choices":[{"index":0,"delta":{"content":"h',
      'i"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    ];
    const halting = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(halves[0]);
      setTimeout(() => response.end(halves[1]), 500);
    });
    const other = await startGateway({ halting: { url: halting.url } }, { HEARTBEAT_SECONDS: 0.1 });
    expect(await (await ask(other, "halting")).text()).toBe(halves.join(""));
    await other.close();
    await halting.close();
  });

  test("that lasts too long ends the answer, says so, and cancels the upstream", async () => {
    const slow = await startRecorded({ pace: 0, stall: 60_000, seed: 1 });
    const other = await startGateway(everyFault(slow), { IDLE_SECONDS: 0.3 });
    const response = await ask(other, "stall");
    const bytes = await bytesOf(response);
    expect(errorIn(lastEvent(bytes))).toMatchObject({ code: "upstream_stalled", type: "server_error" });
    expect(await other.lineOf(response)).toMatchObject({ outcome: "stalled", error: "upstream_stalled" });
    await until(() => slow.sent.at(-1)?.state === "left");
    await other.close();
    await slow.close();
  });
});

describe("a client that leaves", () => {
  test.each([
    ["in mid-answer", "good", "sending"],
    ["in a silence", "stall", "stalling"],
  ])("%s: the upstream is cancelled, and the log says so", async (_, model, state) => {
    const slow = await startRecorded({ pace: 40, stall: 60_000, seed: 1 });
    const other = await startGateway(everyFault(slow), { HEARTBEAT_SECONDS: 0.3 });
    const leaving = new AbortController();
    const response = await ask(other, model, { signal: leaving.signal });
    await response.body?.getReader().read();
    await until(() => slow.sent.at(-1)?.state === state);
    leaving.abort();
    await until(() => slow.sent.at(-1)?.state === "left");
    const line = await other.lineOf(response);
    expect(line).toMatchObject({ outcome: "aborted", status: 200, caller: "alice" });
    expect(line["bytes"]).toBeGreaterThan(0);
    expect(line["firstByteMs"]).toBeLessThanOrEqual(Number(line["totalMs"]));
    await other.close();
    await slow.close();
  });
});

test("nothing is buffered: the first words are there while the upstream is still silent", async () => {
  const slow = await startRecorded({ pace: 0, stall: 60_000, seed: 1 });
  const other = await startGateway(everyFault(slow));
  const response = await ask(other, "stall");
  const reader = response.body?.getReader();
  let text = "";
  while (!text.includes('"content":" one"')) text += new TextDecoder().decode((await reader?.read())?.value);
  await until(() => slow.sent.at(-1)?.state === "stalling");
  await reader?.cancel();
  await other.close();
  await slow.close();
});
