// Makes docs/pictures, from a recording of the embedded upstream misbehaving: what the command shows in a terminal, and its
// page. Needs a build and a Chromium: node scripts/pictures.ts
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { startUpstream } from "../edge-examples/chat/upstream/server.ts";
import { chromiumOfSystem, launch } from "../test/support/browsers/playwright.ts";
import { terminalPicture } from "./terminal-picture.ts";

const pictures = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "sluice-pictures-"));

/** Runs the command there, in colour. @returns what it wrote, whatever its exit code */
async function sluice(...args: string[]): Promise<string> {
  const { NO_COLOR: _, ...env } = process.env;
  const ran = promisify(execFile)(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...env, FORCE_COLOR: "1" },
  });
  return (await ran.catch((error: { stdout: string }) => error)).stdout;
}

const executable = chromiumOfSystem.path;
if (executable === undefined) throw new Error("The pictures need a Chromium on the PATH");
await mkdir(pictures, { recursive: true });
const upstream = await startUpstream({ seed: 4 });
try {
  const body = JSON.stringify({
    stream: true,
    messages: [{ role: "user", content: "Tell me about rivers, with an emoji" }],
  });
  const faults = "x-demo-faults: cut-anywhere,noise,malformed,cut";
  await sluice(
    "record",
    "--silent",
    "-o",
    "answer.cassette",
    "-H",
    faults,
    "-H",
    "content-type: application/json",
    "-d",
    body,
    upstream.url,
  );
  const report = await sluice("inspect", "answer.cassette", "--html", "report.html");
  await writeFile(join(pictures, "inspect.svg"), terminalPicture(`$ sluice inspect answer.cassette\n${report}`));

  const browser = await launch(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 860, height: 1000 } });
    await page.goto(pathToFileURL(join(folder, "report.html")).href);
    await page.locator(".plot canvas").waitFor();
    await page.locator(".problems button").first().click();
    await page.evaluate(() => scrollTo(0, 0));
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(pictures, "report.png"), fullPage: true });
  } finally {
    await browser.close();
  }
} finally {
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
}
