// `sluice replay`: any client gets the recorded body, cut and broken as it asks.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cassette, formatCassette, type ReplayOptions } from "sluice/cassette";
import { chat } from "sluice/chat";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { listen, settings } from "../../src/cli/replay-server.ts";
import { unhandledRejections } from "../support/sources.ts";
import { ended, sluice, start } from "./spawn.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const events = [
  'data: {"choices":[{"delta":{"content":"é😀"}}]}\n\n',
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
  "data: [DONE]\n\n",
];
const body = events.join("");
const { length } = encode(body);
const cassette: Cassette = {
  header: { cassette: 1, response: { status: 200, headers: { "content-type": "text/event-stream; charset=utf-8" } } },
  chunks: events.map((text, index) => ({ at: index * 20, bytes: encode(text) })),
  end: { at: 60, how: "closed" },
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(options: ReplayOptions = { speed: Infinity }, played = cassette) {
  const stopping = new AbortController();
  const lines: string[] = [];
  const server = { cassette: played, options, port: 0, log: (line: string) => void lines.push(line) };
  const { url, ended: over } = await listen(server, stopping.signal);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await over;
  };
  stops.push(stop);
  return { url, lines, stop };
}

/** What a plain HTTP client gets: the chunks as they arrive, and whether the body was whole. */
async function received(url: string): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const [response] = (await once(get(url), "response")) as [import("node:http").IncomingMessage];
  const chunks: Buffer[] = [];
  response.on("data", (chunk: Buffer) => chunks.push(chunk));
  response.on("error", () => undefined);
  await new Promise((resolve) => response.on("close", resolve)); // `once` would reject with an error that comes first
  return { bytes: Buffer.concat(chunks), isWhole: response.complete };
}

describe("the server", () => {
  test("gives the body with its content type, whatever the method and the path", async () => {
    const { url } = await serve();
    for (const init of [{}, { method: "POST", body: "{}" }]) {
      const response = await fetch(`${url}/v1/chat/completions?key=k`, init);
      expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
      expect(await response.text()).toBe(body);
    }
  });

  test("at the pace of the recording", async () => {
    const { url } = await serve({});
    const start = performance.now();
    await (await fetch(url)).text();
    expect(performance.now() - start).toBeGreaterThanOrEqual(60);
  });

  test.for(["cuts=1", "cuts=7", "cuts=random&seed=3", "cuts=adversarial", "cuts=recorded"])(
    "cut anew, the same bytes: %s",
    async (query) => {
      const { url } = await serve();
      expect((await received(`${url}/?${query}`)).bytes.toString()).toBe(body);
    },
  );

  test("what a request sets, in its query or its headers, goes before what the command says", async () => {
    const { url } = await serve({ speed: Infinity, fault: { kind: "cut", at: 10 } });
    expect((await received(url)).bytes).toHaveLength(10);
    expect((await received(`${url}/?cut-at=20`)).bytes).toHaveLength(20);
    const response = await fetch(url, { headers: { "sluice-cut-at": "30" } });
    expect(await response.bytes()).toHaveLength(30);
  });

  test("a cut is a whole answer to HTTP, an error is none; both come behind their bytes", async () => {
    const { url } = await serve();
    for (const at of [0, 1, 60, length]) {
      expect(await received(`${url}/?cut-at=${at}`)).toEqual({
        bytes: Buffer.from(encode(body).slice(0, at)),
        isWhole: true,
      });
      expect(await received(`${url}/?error-at=${at}`)).toEqual({
        bytes: Buffer.from(encode(body).slice(0, at)),
        isWhole: false,
      });
    }
    expect((await received(`${url}/?error-at=end&cuts=1`)).bytes).toHaveLength(length);
  });

  test("a broken connection and a client that leaves are told, and leave nothing unhandled", async () => {
    const { url, lines } = await serve();
    const unhandled = await unhandledRejections(async () => {
      await received(`${url}/broken?error-at=60`);
      const response = await fetch(`${url}/left?stall-at=60&key=sk-secret1234567`);
      await response.body?.getReader().cancel();
      await vi.waitFor(() => expect(lines).toHaveLength(2), 10_000);
    });
    expect(unhandled).toEqual([]);
    expect(lines[0]).toMatch(/^GET \/broken\?error-at=60 200: broken off after 60 bytes/);
    expect(lines[1]).toMatch(/^GET \/left\?stall-at=60&key=REDACTED 200: its client left after 60 bytes/);
  });

  test("chat says of each what it was", async () => {
    const { url } = await serve();
    const outcome = async (query: string): Promise<unknown> => {
      const message = await chat(fetch(`${url}/?${query}`), { deadlines: { idle: 300 } }).message();
      return [message.text, message.outcome];
    };
    expect(await outcome("cuts=adversarial")).toEqual(["é😀", "complete"]);
    expect(await outcome("cut-at=70")).toEqual(["é😀", "truncated"]);
    expect(await outcome("error-at=70")).toEqual(["é😀", "truncated"]);
    expect(await outcome("stall-at=70")).toEqual(["é😀", "stalled"]);
  });

  test("a page of another origin may ask", async () => {
    const { url } = await serve();
    const asked = await fetch(url, {
      method: "OPTIONS",
      headers: { "access-control-request-headers": "authorization" },
    });
    expect([asked.status, asked.headers.get("access-control-allow-headers")]).toEqual([204, "authorization"]);
    expect((await fetch(url)).headers.get("access-control-allow-origin")).toBe("*");
  });

  test("a setting that cannot be meant is a 400 that says so, and so is any odd path no trouble", async () => {
    const { url } = await serve();
    const response = await fetch(`${url}//?cuts=zero`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('got "zero"') as unknown]);
    expect((await fetch(`${url}//`)).status).toBe(200);
  });

  test("a recording that failed breaks off again, with its status", async () => {
    const failed: Cassette = {
      header: { cassette: 1, response: { status: 503 } },
      chunks: cassette.chunks,
      end: { at: 1, how: "errored", message: "reset" },
    };
    const { url } = await serve({ speed: Infinity }, failed);
    expect((await fetch(url)).status).toBe(503);
    expect(await received(url)).toMatchObject({ bytes: Buffer.from(body), isWhole: false });
  });

  test("stopping it frees the port, also while it sends", async () => {
    const { url, stop } = await serve({ fault: { kind: "stall", at: 5 } });
    const response = await fetch(url);
    await stop();
    await expect(response.text()).rejects.toThrow();
    await expect(fetch(url)).rejects.toThrow();
  });

  test("a port that is taken is refused, and says what to do", async () => {
    const { url } = await serve();
    const port = Number(new URL(url).port);
    const second = listen({ cassette, options: {}, port, log: () => undefined }, new AbortController().signal);
    await expect(second).rejects.toThrow(/is taken: name another, or 0/);
  });
});

test.for<[string, Record<string, string>]>([
  ["speed", { speed: "0" }],
  ["speed", { speed: "fast" }],
  ["speed", { speed: "-1" }],
  ["cuts", { cuts: "0" }],
  ["cuts", { cuts: "1.5" }],
  ["seed", { seed: "x" }],
  ["cut-at", { "cut-at": "-1" }],
  ["stall-at", { "stall-at": "" }],
])("%s that cannot be meant is refused: %j", ([name, given]) => {
  expect(() => settings((each) => given[each])).toThrow(new RegExp(`^${name} is .*; got`));
});

test("two faults at a time are refused; a request's own replaces the command's", () => {
  const given: Record<string, string> = { "cut-at": "5", "error-at": "6" };
  expect(() => settings((each) => given[each])).toThrow(/one at a time/);
  const base = settings((each) => (each === "cut-at" ? "5" : undefined));
  expect(settings((each) => (each === "stall-at" ? "0" : undefined), base).fault).toEqual({ kind: "stall", at: 0 });
});

describe("the command", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-replay-"));
    await writeFile(join(folder, "a.jsonl"), formatCassette(cassette));
    await writeFile(join(folder, "body.sse"), body);
    await writeFile(join(folder, "bad.jsonl"), '{"cassette":1}\n{"text":"a"}\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.for([["a.jsonl"], ["body.sse"]])(
    "prints its address, answers with %s, and ends on Ctrl-C",
    async ([file = ""]) => {
      const child = start("replay", join(folder, file), "--port", "0", "--speed", "max");
      const over = ended(child);
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      const url = line.toString();
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
      expect(await (await fetch(url.trim())).text()).toBe(body);
      child.kill("SIGINT");
      const { exit, stderr } = await over;
      expect(exit).toBe(130);
      expect(stderr).toMatch(/^replaying .*: \d chunks?, \d+ bytes/);
    },
  );

  test("what a cassette says of its end drives no terminal", async () => {
    const hostile: Cassette = { ...cassette, end: { at: 1, how: "errored", message: "\u001b[31mred\u009b" } };
    await writeFile(join(folder, "hostile.jsonl"), formatCassette(hostile));
    const child = start("replay", join(folder, "hostile.jsonl"), "--speed", "max");
    const over = ended(child);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    await received(line.toString().trim());
    child.kill("SIGINT");
    const { stderr } = await over;
    expect(stderr).toContain("\\x1b[31mred");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test.for<[string, string[], number, RegExp]>([
    ["no file", ["nothing.jsonl"], 1, /there is no file nothing\.jsonl/],
    ["a directory", ["."], 1, /is a directory: name a file in it/],
    ["a cassette with a bad line", ["bad.jsonl"], 1, /Line 2 does not belong/],
    ["a port that is none", ["a.jsonl", "--port", "x"], 2, /whole number/],
    ["a place that is none", ["a.jsonl", "--cut-at", "1.5"], 2, /cut-at is a number of bytes, or end; got "1\.5"/],
    ["cuts that are none", ["a.jsonl", "--cuts", "all"], 2, /cuts is .*got "all"/],
  ])("refuses %s", async ([, [file = "", ...options], exit, message]) => {
    const ran = await sluice(["replay", file === "nothing.jsonl" ? file : join(folder, file), ...options]);
    expect(ran).toMatchObject({ exit, stdout: "" });
    expect(ran.stderr).toMatch(message);
  });
});
