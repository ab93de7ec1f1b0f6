import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatCassette } from "sluice/cassette";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunk, completion } from "./bodies.ts";
import { ended, isReading, MAIN, sluice, start } from "./spawn.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const whole = completion(["Whole", " wörds", "\nand 🌊"]);

describe("sluice text", () => {
  test("writes the text, and nothing on stderr when the answer was whole", async () => {
    expect(await sluice(["text"], whole)).toEqual({ exit: 0, stdout: "Whole wörds\nand 🌊", stderr: "" });
  });

  test.for<[name: string, body: string, exit: number, stderr: RegExp]>([
    ["truncated", chunk("Hel"), 3, /^sluice: truncated: .*ended without \[DONE\].*; .*ask again\n$/],
    ["cut off in an event", `${chunk("Hel")}data: {"choi`, 3, /^sluice: truncated: .*truncated at offset \d+.*\n$/],
    ["empty", "", 3, /^sluice: truncated: the body is empty; .*\n$/],
    [
      "an error",
      `${chunk("Hel")}data: {"error":{"message":"Overloaded","code":529}}\n\n`,
      4,
      /error: Overloaded \(529\).*\n$/,
    ],
    [
      "an unreadable part",
      `${chunk("Hel")}data: {oops}\n\n${completion([])}`,
      4,
      /error: Malformed JSON at offset 95: unexpected "o".*inspect\n$/,
    ],
    [
      "of no known dialect",
      'data: {"what":1}\n\n',
      3,
      /^sluice: truncated: it ended without a frame of any known dialect; .*inspect\n$/,
    ],
    [
      "not streamed",
      '{"object":"chat.completion","choices":[{"message":{"content":"Hi"}}]}',
      4,
      /^sluice: error: .*: was it asked to stream\?; .*inspect\n$/,
    ],
    ["a page", "<html><title>502 Bad Gateway</title></html>", 4, /error: .*502 Bad Gateway.*\n$/],
    ["rubbish", "\u0080\u0001\u0002rubbish\n", 4, /^sluice: error: A line that is no field.*inspect\n$/],
    ["short for its limit", completion(["Hel"], { finish: "length" }), 0, /^sluice: whole: .*length limit.*\n$/],
  ])("%s: says so in one line, and by its exit code", async ([, body, exit, stderr]) => {
    const ran = await sluice(["text"], body);
    expect(ran.stderr).toMatch(stderr);
    expect(ran.stderr.match(/\n/g)).toHaveLength(1);
    expect(ran.exit).toBe(exit);
    if (body.includes("Hel")) expect(ran.stdout).toBe("Hel");
  });

  test("a cut answer of which a part could not be read: both are said", async () => {
    const { exit, stderr } = await sluice(["text"], `${chunk("Hel")}data: {oops}\n\n${chunk("lo")}data: {"cut`);
    expect(exit).toBe(3);
    expect(stderr).toMatch(/^sluice: truncated: .*; \d problems? besides; look into it with sluice inspect\n$/);
  });

  test("writes what has come while more is to come", async () => {
    const child = start("text");
    child.stdin.write(chunk("Hel"));
    const first = await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data))));
    expect(first).toBe("Hel");
    child.stdin.end(completion(["lo"]));
    expect(await ended(child)).toEqual({ exit: 0, stdout: "lo", stderr: "" });
  });

  test("control characters in a message reach no terminal", async () => {
    const { stderr } = await sluice(["text"], `data: {"error":{"message":"\\u001b[31mred\\u009b"}}\n\n`);
    expect(stderr).toContain("red");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe("values", () => {
  test("sluice json writes integers as they were sent, and goes on behind what is malformed", async () => {
    const ran = await sluice(
      ["json"],
      'data: {"seed":12345678901234567890}\n\ndata: {oops}\n\ndata: [1, 2]\n\ndata: [DONE]\n\n',
    );
    expect(ran.stdout).toBe('{"seed":12345678901234567890}\n[1,2]\n');
    expect(ran.stderr).toMatch(/^sluice: malformed: Malformed JSON at offset 30: .*\n$/);
    expect(ran.exit).toBe(4);
  });

  test.for([
    ["lines", '{"a":{"b":1}}\n{"a":{}}\n{"a":{"b":null}}\n', "$.a.b", "1\nnull\n"],
    ["an array", '[{"a":1}\n,\r\n{"a":[2]}]', "$[*].a", "1\n[2]\n"],
    ["events", 'data: {"a":[1,2]}\n\ndata: {"a":[3]}\n\n', "$.a[*]", "1\n2\n3\n"],
  ])("--select in %s", async ([, body = "", path = "", stdout]) => {
    expect(await sluice(["json", "--select", path], body)).toEqual({ exit: 0, stdout, stderr: "" });
  });

  test("sluice json: a word alone is a field that nobody knows, unless there is no event besides", async () => {
    const alone = await sluice(["json"], "Unauthorized\n");
    expect(alone).toMatchObject({ exit: 4, stdout: "", stderr: expect.stringContaining('line is "Unauthorized"') });
    expect(await sluice(["json"], "data: 1\n\nUnauthorized\n")).toEqual({ exit: 0, stdout: "1\n", stderr: "" });
  });

  test("sluice json: a value that the end cut off is truncated", async () => {
    const { exit, stdout } = await sluice(["json"], '{"a":1}\n{"b"');
    expect([exit, stdout]).toEqual([3, '{"a":1}\n']);
  });

  test("sluice events writes name, data and id; --all what an event stream holds besides", async () => {
    const body = ': hi\nretry: 5\nevent: a\nid: 7\ndata: x\ndata: y\n\nerror: {"no":1}\ndata: [DONE]\n\n';
    const plain = await sluice(["events"], body);
    expect(plain.stdout).toBe('{"event":"a","data":"x\\ny","id":"7"}\n{"event":"message","data":"[DONE]","id":"7"}\n');
    const { stdout } = await sluice(["events", "--all"], body);
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining(['{"comment":"hi"}', '{"retry":5}', '{"line":"error: {\\"no\\":1}"}']),
    );
  });

  test("sluice events: a last event without its blank line may be cut off; a sentinel may not", async () => {
    expect((await sluice(["events"], "data: 1\n")).exit).toBe(3);
    expect((await sluice(["events"], "data: 1\n\ndata: [DONE]")).exit).toBe(0);
    const json = await sluice(["events"], '{"a":1}\n');
    expect([json.exit, json.stderr]).toEqual([4, expect.stringContaining("try sluice json")]);
  });

  test("sluice deltas ends with the outcome; sluice message has all of it", async () => {
    const deltas = await sluice(["deltas"], whole);
    expect(deltas.stdout.trimEnd().split("\n").at(-1)).toBe('{"type":"end","outcome":"complete","via":"sentinel"}');
    const message = await sluice(["message"], whole);
    expect(JSON.parse(message.stdout)).toMatchObject({ text: "Whole wörds\nand 🌊", outcome: "complete" });
    expect((await sluice(["message", "--select", "$.text"], whole)).stdout).toBe('"Whole wörds\\nand 🌊"\n');
  });

  test("--dialect reads as told", async () => {
    expect((await sluice(["text", "--dialect", "anthropic"], whole)).exit).not.toBe(0);
    expect((await sluice(["text", "--dialect", "openai-chat"], whole)).exit).toBe(0);
  });
});

describe("input", () => {
  test("a file, and a cassette with what is known of its response", async () => {
    const file = join(folder, "body.sse");
    await writeFile(file, whole);
    expect((await sluice(["text", file])).stdout).toBe("Whole wörds\nand 🌊");

    const cassette = join(folder, "refused.cassette");
    const header = { cassette: 1, response: { status: 429, headers: { "content-type": "application/json" } } } as const;
    const bytes = new TextEncoder().encode('{"error":{"message":"Slow down"}}');
    await writeFile(cassette, formatCassette({ header, chunks: [{ at: 5, bytes }], end: { at: 6, how: "closed" } }));
    const refused = await sluice(["text", cassette]);
    expect(refused).toMatchObject({ exit: 4, stderr: expect.stringContaining("Slow down (status 429)") });
  });

  test("a cassette that breaks off is truncated", async () => {
    const cassette = formatCassette({
      header: { cassette: 1, response: { status: 200, headers: { "content-type": "text/event-stream" } } },
      chunks: [{ at: 1, bytes: new TextEncoder().encode(chunk("Hel")) }],
    });
    expect(await sluice(["text"], cassette)).toEqual({
      exit: 3,
      stdout: "Hel",
      stderr: "sluice: truncated: the recording breaks off here; more was to come: ask again\n",
    });
  });

  test.for(["json", "events"])("sluice %s writes what came before a recording breaks off", async (command) => {
    const bytes = new TextEncoder().encode('data: {"n":1}\n\ndata: {"n":');
    for (const [end, why] of [
      [undefined, "the recording breaks off here"],
      [{ at: 2, how: "errored", name: "TypeError", message: "terminated" } as const, "TypeError: terminated"],
    ] as const) {
      const chunks = [{ at: 1, bytes }];
      const cassette = formatCassette({ header: { cassette: 1 }, chunks, ...(end === undefined ? {} : { end }) });
      const { exit, stdout, stderr } = await sluice([command], cassette);
      expect([exit, stderr]).toEqual([3, `sluice: truncated: ${why}\n`]);
      expect(stdout).toMatch(command === "json" ? /^\{"n":1\}\n$/ : /^\{"event":"message","data":"\{\\"n\\":1\}".*\n$/);
    }
  });

  test("a recording in which nothing came says why", async () => {
    const end = { at: 1, how: "errored", name: "TypeError", message: "terminated" } as const;
    const { exit, stderr } = await sluice(["text"], formatCassette({ header: { cassette: 1 }, chunks: [], end }));
    expect(exit).toBe(3);
    expect(stderr).toContain("nothing came: TypeError: terminated");
  });

  test.for<[args: string[], exit: number, stderr: string]>([
    [["text", "/nowhere/at-all"], 1, "sluice: there is no file /nowhere/at-all\n"],
    [["text", tmpdir()], 1, `sluice: ${tmpdir()} is a directory: name a file in it\n`],
    [["json", "--select", "$.a["], 2, "sluice: --select: Bad path at character 4"],
    [["text", "--dialect", "klingon"], 2, "Allowed choices are openai-chat, anthropic"],
    [["text", "--nope"], 2, "unknown option '--nope'"],
    [["text", "a", "b"], 2, "too many arguments"],
  ])("%j is refused in words", async ([args, exit, stderr]) => {
    const ran = await sluice(args);
    expect(ran.stderr).toContain(stderr);
    expect(ran.stderr).not.toContain("    at ");
    expect([ran.exit, ran.stdout]).toEqual([exit, ""]);
  });
});

describe("in a pipe", () => {
  const commands = ["text", "json", "events", "deltas"];

  test.for(commands)("%s stops quietly when its reader goes away", async (command) => {
    const child = start(command);
    child.stdin.on("error", () => undefined);
    const line = chunk("word\n");
    const feed = setInterval(() => child.stdin.write(line.repeat(200)), 2); // it would never end by itself
    child.stdout.once("data", () => child.stdout.destroy());
    const { exit, stderr } = await ended(child);
    clearInterval(feed);
    expect([exit, stderr]).toEqual([141, ""]);
  });

  test.for([...commands, "message"])("%s ends cleanly on Ctrl-C, with what it had", async (command) => {
    const child = start(command);
    child.stdin.write(chunk("Hel"));
    const said: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => said.push(data));
    if (command === "message") await isReading(child);
    else await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGINT");
    const { exit, stderr } = await ended(child);
    expect([exit, stderr]).toEqual([130, ""]);
    const stdout = Buffer.concat(said).toString();
    expect(stdout).toContain("Hel");
    if (command === "message") expect(JSON.parse(stdout)).toMatchObject({ outcome: "aborted", text: "Hel" });
    if (command === "deltas") expect(stdout).toMatch(/\n\{"type":"end","outcome":"aborted".*\}\n$/);
  });

  test("a value is written when it is whole, also one that a cassette could have begun with", async () => {
    const child = start("json");
    child.stdin.write('{"a":1}\n');
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    expect(first.toString()).toBe('{"a":1}\n');
    const rest = ended(child);
    child.stdin.end("{");
    expect(await rest).toMatchObject({ exit: 3, stdout: "" });
  });

  test("a cassette is known that comes byte for byte", async () => {
    const cassette = formatCassette({
      header: { cassette: 1 },
      chunks: [{ at: 1, bytes: new TextEncoder().encode(whole) }],
      end: { at: 2, how: "closed" },
    });
    const child = start("text");
    const over = ended(child);
    for (const byte of new TextEncoder().encode(`\ufeff${cassette.slice(0, 20)}`)) {
      child.stdin.write(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.stdin.end(cassette.slice(20));
    expect(await over).toMatchObject({ exit: 0, stdout: "Whole wörds\nand 🌊" });
  });

  test.skipIf(process.platform !== "linux")("an output that cannot be written is said, and ends with 1", async () => {
    const child = spawn("sh", ["-c", '"$0" "$1" text > /dev/full', process.execPath, MAIN]);
    child.stdin.end(completion(["a"]));
    const { exit, stderr } = await ended(child);
    expect(exit).toBe(1);
    expect(stderr).toContain("standard output cannot be written");
  });

  test("a slow reader holds the source back", async () => {
    const child = start("json");
    const block = Buffer.from(chunk("x".repeat(1000)).repeat(1000));
    let written = 0;
    let isFull = false;
    while (!isFull && written < 64) {
      isFull = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), 1000);
        child.stdin.write(block, () => {
          clearTimeout(timer);
          resolve(false);
        });
      });
      written += 1;
    }
    expect(isFull).toBe(true); // nobody reads, so it stopped reading long before 64 MB
    const all = ended(child);
    child.stdin.end();
    const { exit, stdout } = await all;
    expect(exit).toBe(0);
    expect(stdout.match(/\n/g)).toHaveLength(1000 * written);
  });
});
