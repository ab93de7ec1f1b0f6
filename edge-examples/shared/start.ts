import { once } from "node:events";
import { createServer } from "node:net";

/** What the commands that start an example here have in common. */

/**
 * The port that `PORT` names, or else the usual one. Ends the process, and says why, when it is none or taken.
 *
 * @param text the value of `PORT`; 0 takes a free port
 */
export async function freePort(
  text: string | undefined,
  { usual, command }: { usual: number; command: string },
): Promise<number> {
  const port = text ? Number(text) : usual;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) exit(`PORT must be a number from 0 to 65535; got ${text}`);
  if (!(await isFree(port))) {
    exit(`Port ${port} is taken. Set another one: PORT=${port + 1} ${command} (PORT=0 picks a free one).`);
  }
  return port;
}

/** Calls `stop` at Ctrl-C and its like, and then ends the process. */
export function stopOnSignal(stop: () => Promise<unknown>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.removeAllListeners(signal); // miniflare's would end the process before workerd has ended
    process.once(signal, () => void stop().finally(() => process.exit(0)));
  }
}

export function exit(message: string): never {
  console.error(message);
  process.exit(1);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, "127.0.0.1");
  try {
    await once(probe, "listening");
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
