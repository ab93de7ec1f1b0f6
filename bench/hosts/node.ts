import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type ProcessHost, processHost } from "./process.ts";

/** Where npm may have put a Node of each major version: bench/package.json brings 24, the project's toolchain 26. */
const packages: Readonly<Record<string, readonly string[]>> = {
  node24: ["node24", "node"],
  node26: ["node26", "node"],
};

/**
 * Node of the wanted major version, from the installed packages or the one this command runs in.
 *
 * @returns undefined when that version is not here
 */
export function nodeHost(name: "node24" | "node26" | "node"): ProcessHost | undefined {
  const major = name === "node" ? undefined : name.slice("node".length);
  const require = createRequire(import.meta.url);

  for (const command of [...installed(require, packages[name] ?? []), process.execPath]) {
    const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
    if (major === undefined || version.startsWith(`${major}.`)) return processHost(`Node ${version}`, command);
  }

  return undefined;
}

function* installed(require: NodeJS.Require, names: readonly string[]): Generator<string> {
  for (const name of names) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const command = join(folder, name, "bin", process.platform === "win32" ? "node.exe" : "node");
      if (existsSync(command) && dirname(command) !== dirname(process.execPath)) yield command;
    }
  }
}
