import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** A program in a process group of its own, all of which ends with the signal or when `close` is called. */
export interface Child {
  readonly process: ChildProcess;
  /** What it wrote, once it has ended by itself. @throws Error when it failed, with what it said */
  readonly output: Promise<string>;
  readonly close: () => void;
}

export function start(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  options: SpawnOptions = {},
): Child {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout?.on("data", (part: Buffer) => out.push(part));
  child.stderr?.on("data", (part: Buffer) => errors.push(part));

  function close(): void {
    signal.removeEventListener("abort", close);
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // nothing of it is left
    }
  }
  signal.addEventListener("abort", close);

  const output = new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, killed) => {
      close();
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const said = Buffer.concat(errors).toString().trim().slice(-1000);
      reject(new Error(`${command} ended with ${code ?? killed}: ${said}`));
    });
  });
  output.catch(() => undefined); // whoever does not wait for it closes it
  return { process: child, output, close };
}

/** The path of a program, from a list of names and paths; undefined if none of them is there. */
export async function programOf(...names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  for (const name of names) {
    for (const path of name.includes("/") ? [name] : folders.map((folder) => join(folder, name))) {
      if (await isProgram(path)) return path;
    }
  }
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
