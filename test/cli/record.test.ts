// `sluice record`: a cassette of what comes, the body passed on, and no secret anywhere.
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseCassette } from "sluice/cassette";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestOf } from "../../src/cli/curl-options.ts";
import { ended, sluice, start } from "./spawn.ts";

const body = 'data: {"a":"é"}\n\ndata: [DONE]\n\n';
const secret = "sk-4f9a8b7c6d5e4f3a2b1c";
let server: Server;
let url: string;
let folder: string;
const asked: { method: string | undefined; headers: IncomingMessage["headers"]; body: string }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-record-"));
  server = createServer(async (request, response) => {
    asked.push({ method: request.method, headers: request.headers, body: await text(request) });
    const redirect = request.url === "/moved" ? { location: `${url}/other?key=${secret}` } : {};
    response.writeHead(request.url?.startsWith("/error") ? 401 : request.url === "/moved" ? 307 : 200, {
      ...redirect,
      "content-type": "text/event-stream",
      "set-cookie": `s=${secret}`,
    });
    response.write(body.slice(0, 10));
    if (request.url === "/hang") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (request.url === "/break") response.socket?.destroySoon();
    else response.end(body.slice(10));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const textOf = (cassette: string): string =>
  new TextDecoder().decode(Buffer.concat(parseCassette(cassette).chunks.map(({ bytes }) => bytes)));

test("the cassette goes to standard output, the secrets nowhere", async () => {
  const data = JSON.stringify({ model: "m", note: secret });
  const { exit, stdout, stderr } = await sluice([
    "record",
    `${url}/v1?key=${secret}`,
    "-H",
    `Authorization: Bearer ${secret}`,
    "-d",
    data,
  ]);
  expect([exit, stderr]).toEqual([0, ""]);
  expect(asked.at(-1)).toMatchObject({
    method: "POST",
    body: data,
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
  });
  expect(textOf(stdout)).toBe(body);
  expect(stdout).not.toContain(secret);
  const { header, end } = parseCassette(stdout);
  expect(header).toMatchObject({
    request: { method: "POST", url: `${url}/v1?key=REDACTED` },
    response: { status: 200 },
  });
  expect(end?.how).toBe("closed");
});

test("with -o the cassette goes to a file, and the body through", async () => {
  const file = join(folder, "a.jsonl");
  const { exit, stdout, stderr } = await sluice(["record", url, "-o", file]);
  expect([exit, stdout]).toEqual([0, body]);
  expect(stderr).toMatch(/^sluice: recorded \d+ chunks?, 32 bytes in .*a\.jsonl\n$/);
  expect(textOf(await readFile(file, "utf8"))).toBe(body);
});

test("what cannot be kept is not asked for", async () => {
  const before = asked.length;
  const { exit, stderr } = await sluice(["record", url, "-o", folder]);
  expect([exit, stderr]).toEqual([1, `sluice: ${folder} cannot be written: it is a directory\n`]);
  expect(asked).toHaveLength(before);
});

test("a request without a URL is bad usage, not a recording of nothing", async () => {
  const { exit, stdout, stderr } = await sluice(["record", "-d", "{}"]);
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("name the URL to ask");
});

test("no key goes where a redirect leads", async () => {
  const before = asked.length;
  const { exit, stdout, stderr } = await sluice(["record", `${url}/moved`, "-H", `x-api-key: ${secret}`]);
  expect([exit, stderr]).toEqual([
    4,
    `sluice: the answer is a redirect, and keys are sent nowhere else: HTTP 307, to ${url}/other?key=REDACTED\n`,
  ]);
  expect(asked).toHaveLength(before + 1);
  expect(parseCassette(stdout).header.response?.status).toBe(307);
});

test("without a URL, what comes in is recorded", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 251);
  const { exit, stdout } = await sluice(["record"], bytes);
  expect(exit).toBe(0);
  expect(Buffer.concat(parseCassette(stdout).chunks.map((chunk) => chunk.bytes)).equals(bytes)).toBe(true);
});

test("a connection that breaks and an HTTP error are recorded, and told by the exit code", async () => {
  const broken = await sluice(["record", `${url}/break`]);
  expect([broken.exit, parseCassette(broken.stdout).end]).toEqual([3, expect.objectContaining({ how: "errored" })]);
  expect(broken.stderr).toMatch(/^sluice: the body broke off after 1 chunk, 10 bytes/);
  const refused = await sluice(["record", `${url}/error?key=${secret}`]);
  expect([refused.exit, textOf(refused.stdout), refused.stderr]).toEqual([
    4,
    body,
    "sluice: the answer is an error: HTTP 401\n",
  ]);
});

test("Ctrl-C ends the request and the cassette", async () => {
  const file = join(folder, "stopped.jsonl");
  const child = start("record", `${url}/hang`, "-o", file);
  const over = ended(child);
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect((await over).exit).toBe(130);
  const { chunks, end } = parseCassette(await readFile(file, "utf8"));
  expect([chunks.length, end?.how]).toEqual([1, "cancelled"]);
});

test("on standard output the cassette has its last line, too", async () => {
  const child = start("record", `${url}/hang`);
  const over = ended(child);
  for (let lines = 0; lines < 2; ) lines += String((await once(child.stdout, "data"))[0]).split("\n").length - 1;
  child.kill("SIGINT");
  const { exit, stdout } = await over;
  expect([exit, parseCassette(stdout).end?.how]).toEqual([130, "cancelled"]);
});

describe("what cannot be done is refused, without a secret", () => {
  test.for<[string, string[], number, RegExp]>([
    [
      "an address where nobody is",
      [`http://127.0.0.1:8/?key=${secret}`],
      1,
      /http:\/\/127\.0\.0\.1:8\/\?key=REDACTED cannot be reached: .*ECONNREFUSED/,
    ],
    ["a folder that is not there", ["http://127.0.0.1", "-o", "/no such folder/a"], 1, /cannot be written: ENOENT/],
    ["a header without a colon", ["http://127.0.0.1", "-H", `Bearer ${secret}`], 2, /"name: value"/],
    ["another scheme", [`ftp://${secret}`], 2, /begin it with http:/],
  ])("%s", async ([, args, exit, message]) => {
    const ran = await sluice(["record", ...args]);
    expect(ran).toMatchObject({ exit, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toContain(secret);
  });
});

describe("the request is the one that curl would make", () => {
  const made = async (options: object) => {
    const { init } = await requestOf("http://127.0.0.1/", options);
    return [init.method, init.headers.get("content-type"), init.body];
  };

  test("its method and content type", async () => {
    expect(await made({})).toEqual(["GET", null, undefined]);
    expect(await made({ data: ["a=b", "c"] })).toEqual(["POST", "application/x-www-form-urlencoded", "a=b&c"]);
    expect(await made({ data: ['{"a":1}'] })).toEqual(["POST", "application/json", '{"a":1}']);
    expect(await made({ data: ["{}"], request: "put", header: ["Content-Type: text/x"] })).toEqual([
      "PUT",
      "text/x",
      "{}",
    ]);
  });

  test("headers and data from files", async () => {
    await writeFile(join(folder, "headers"), "Authorization: Bearer x\r\n\r\nX-A: b:c\n");
    await writeFile(join(folder, "data"), '{"a":\n1}');
    const { init } = await requestOf("http://127.0.0.1/", {
      header: [`@${join(folder, "headers")}`],
      data: [`@${join(folder, "data")}`],
    });
    expect([init.headers.get("authorization"), init.headers.get("x-a"), init.body]).toEqual([
      "Bearer x",
      "b:c",
      '{"a":\n1}',
    ]);
  });

  test.for([
    [{ header: [`a: ${secret}\nb`] }],
    [{ header: [`bad name ${secret}: x`] }],
    [{ header: ["@/no such file"] }],
    [{ data: ["@/no such file"] }],
    [{ request: "BAD METHOD" }],
    [{ request: "GET", data: ["x"] }],
  ])("what is none is refused, without a secret: %#", async ([options = {}]) => {
    const error: unknown = await requestOf("http://127.0.0.1/", options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "Refusal" });
    expect(String(error)).not.toContain(secret);
  });

  test.for([[`http://me:'${secret}@127.0.0.1/`], [`http://${secret}@127.0.0.1/`]])(
    "a URL with a user or a password is bad usage, and not shown: %#",
    async ([url = ""]) => {
      const error: unknown = await requestOf(url, {}).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "Refusal", exit: 2, message: expect.stringContaining("-H") as unknown });
      expect(String(error)).not.toContain(secret);
    },
  );
});
