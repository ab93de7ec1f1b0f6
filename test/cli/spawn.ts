import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The command as it is built: `npm test` builds it first. */
export const MAIN: string = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a run of the command ended, and all it wrote. */
export interface Ran {
  exit: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command. `NO_COLOR` and a fixed width make what it writes the same everywhere. */
export function start(...args: string[]): ChildProcessWithoutNullStreams {
  const { FORCE_COLOR: _, ...env } = process.env;
  return spawn(process.execPath, [MAIN, ...args], { env: { ...env, NO_COLOR: "1" } });
}

/** Runs the command with these bytes, or chunks of them, on its standard input. */
export async function sluice(args: readonly string[], input: string | Uint8Array = ""): Promise<Ran> {
  const child = start(...args);
  child.stdin.on("error", () => undefined); // it may end before it has read everything
  child.stdin.end(input);
  return ended(child);
}

/** Waits for the end of a command that was started. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const exit = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exit, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Resolves when the command has begun to read: more than a pipe holds has gone in, all of it comments. */
export async function isReading(child: ChildProcessWithoutNullStreams): Promise<void> {
  await new Promise((resolve) => child.stdin.write(": nothing\n".repeat(200_000), resolve));
}
