import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Served } from "../../../../edge-examples/chat/serve.ts";

/**
 * Starts the page's servers in a process of its own that leaves the processors to the browser, as if it were on a machine of its
 * own, which it would be in life.
 */
export async function startElsewhere(pace: number): Promise<Served> {
  const servers = spawn(process.execPath, [fileURLToPath(new URL("servers.ts", import.meta.url)), String(pace)], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true, // a session of its own, which is what Linux divides the processors among
  });
  if (servers.pid !== undefined) yieldTo(servers.pid);
  const ended = once(servers, "exit");
  const [url] = await Promise.race([once(createInterface(servers.stdout), "line"), ended]);
  if (typeof url !== "string") throw new Error(`The servers have ended with ${url}`);
  return {
    url,
    async close() {
      servers.stdin.end();
      await ended;
    },
  };
}

function yieldTo(pid: number): void {
  setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // A system that has no such groups goes by the priority alone.
  }
}
