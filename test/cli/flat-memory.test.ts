import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { chunk } from "./bodies.ts";
import { MAIN } from "./spawn.ts";

/** After so many megabytes the heap has the size at which its garbage is collected. */
const WARM = 8;
/** The body's size; with SLUICE_MEGABYTES=1000 it is a gigabyte, and the figures are printed. */
const MEGABYTES = Number(process.env["SLUICE_MEGABYTES"] ?? 40);
/** What may wait beyond that, whatever the size: half of what would, if the body were kept. */
const SLACK = 16;

/** What is garbage is soon collected, so that what is left counts. */
const SMALL_HEAP = "--max-old-space-size=48 --max-semi-space-size=2";
const PRINT_PEAK = "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS / 1024))";

/** Runs the command on a body of so many megabytes. @returns its peak memory, in megabytes */
async function peakOf(command: string, megabytes: number, block: Buffer): Promise<number> {
  const printing = `--import=data:text/javascript,${encodeURIComponent(PRINT_PEAK)}`;
  const env = { ...process.env, NODE_OPTIONS: `${printing} ${SMALL_HEAP}` };
  const child = spawn(process.execPath, [MAIN, command], { env, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const ended = once(child, "close");
  for (let left = megabytes * 1e6; left > 0; left -= block.length) {
    if (!child.stdin.write(block)) await once(child.stdin, "drain");
  }
  child.stdin.end();
  await ended;
  return Number(/peak ([\d.]+)/.exec(said)?.[1]);
}

describe("memory stays flat however long the body is", () => {
  const events = Buffer.from(chunk(" wörd and 🌊").repeat(500));
  const blank = Buffer.from(" \n".repeat(32_768));

  test.for<[string, string, Buffer]>([
    ["text", "events", events],
    ["json", "events", events],
    ["inspect", "events", events],
    ["text", "white space", blank],
    ["inspect", "white space", blank],
  ])("sluice %s of %s", { timeout: 600_000 }, async ([command, what, block]) => {
    const warm = await peakOf(command, WARM, block);
    const long = await peakOf(command, MEGABYTES, block);
    if (process.env["SLUICE_MEGABYTES"] !== undefined) {
      console.info(
        `${command} of ${what}: ${Math.round(warm)} MB for ${WARM} MB, ${Math.round(long)} MB for ${MEGABYTES} MB`,
      );
    }
    expect(long - warm).toBeLessThan(SLACK);
  });
});
