import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chunk, completion } from "../bodies.ts";
import { ended, isReading, MAIN, sluice, start } from "../spawn.ts";
import { brokenText } from "./broken.ts";

let folder: string;
let cassette: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-inspect-"));
  cassette = join(folder, "broken.cassette");
  await writeFile(cassette, brokenText());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The report without the folder, which is another one each time. */
const named = (text: string): string => text.replaceAll(`${folder}/`, "");

test("what a person sees of a broken answer", async () => {
  const { exit, stdout, stderr } = await sluice(["inspect", cassette]);
  expect(named(stdout)).toMatchSnapshot();
  expect([exit, stderr]).toEqual([3, ""]);
});

test("and of a whole one in a file", async () => {
  const file = join(folder, "whole.sse");
  await writeFile(file, completion(["Hello", " 🌊"]));
  const { exit, stdout, stderr } = await sluice(["inspect", file]);
  expect(named(stdout)).toMatchSnapshot();
  expect([exit, stderr]).toEqual([0, ""]);
});

test("--json is the same as data", async () => {
  const { exit, stdout } = await sluice(["inspect", "--json", cassette]);
  const { map, timeline, ...report } = JSON.parse(stdout) as { map: { chunks: unknown[] }; timeline: unknown[] };
  expect({ ...report, source: { ...(report as { source?: object }).source, name: "" } }).toMatchSnapshot();
  expect(map.chunks.length).toBe(timeline.length);
  expect(exit).toBe(3);
});

test("--html writes a page that holds all it needs, and cannot be broken out of", async () => {
  const page = join(folder, "report.html");
  const { exit, stderr } = await sluice(["inspect", "--html", page], "</script><script>alert(1)</script>\n");
  expect([exit, stderr]).toEqual([4, `sluice: the page is in ${page}\n`]);
  const html = await readFile(page, "utf8");
  expect(html).not.toContain("alert(1)</script>");
  expect(html).toContain("default-src 'none'");
  expect(html.match(/<\/script>/g)).toHaveLength(2);
});

describe("rubbish gets a report, or is refused in words", () => {
  const random = Uint8Array.from({ length: 100_000 }, (_, index) => (index * index * 31 + index * 7) >> 3);
  test.for<[name: string, body: string | Uint8Array, exit: number]>([
    ["nothing", "", 3],
    ["white space", " \n\n \r\n", 3],
    ["zeros", new Uint8Array(100_000), 3],
    ["bytes of any kind", Uint8Array.from([0x80, ...random]), 4],
    ["a page", "<!doctype html><title>Bad gateway</title>", 4],
    ["a number", "42\n", 3],
    ["a byte order mark", "\ufeff", 3],
  ])("%s", async ([, body, exit]) => {
    const ran = await sluice(["inspect"], body);
    expect([ran.exit, ran.stderr]).toEqual([exit, ""]);
    expect(ran.stdout).toContain("framing");
    expect(ran.stdout).not.toContain("    at ");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(ran.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test("a place that cannot be written, behind the report on what came", async () => {
    const { exit, stdout, stderr } = await sluice(["inspect", "--html", "/nowhere/at/all.html"], completion(["a"]));
    expect(exit).toBe(1);
    expect(stdout).toContain("1 text (1 character)");
    expect(stderr).toMatch(/^sluice: \/nowhere\/at\/all.html cannot be written: .*\n$/);
  });

  test("a cassette that is none", async () => {
    const { exit, stderr } = await sluice(["inspect"], '{"cassette":1}\n{"at":"noon"}\n');
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^sluice: standard input: Line 2 does not belong in a cassette.*\n$/);
  });
});

test("Ctrl-C ends a body that hangs with a report on what came", async () => {
  const child = start("inspect");
  child.stdin.write(chunk("Hel"));
  await isReading(child);
  child.kill("SIGINT");
  const { exit, stdout } = await ended(child);
  expect(exit).toBe(130);
  expect(stdout).toContain("it had not ended when it was stopped");
  expect(stdout).toContain("1 text (3 characters)");
});

test("colour is for terminals, and for those who ask", async () => {
  const child = start("inspect", cassette);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  expect((await ended(child)).stdout).not.toMatch(/\u001b/);
});

test.skipIf(process.platform === "win32")("a pipe that is named like a file has the times of a pipe", async () => {
  const child = spawn("sh", ["-c", 'cat | "$0" "$1" inspect --json /dev/stdin', process.execPath, MAIN]);
  child.stdin.end(completion(["a"]));
  const { stdout } = await ended(child);
  expect(JSON.parse(stdout)).toMatchObject({ source: { name: "/dev/stdin", kind: "pipe" } });
});
