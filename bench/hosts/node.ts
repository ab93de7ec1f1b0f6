import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { installedFiles } from "./installed.ts";
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

  for (const command of [...installed(packages[name] ?? []), process.execPath]) {
    const version = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout.trim().slice(1);
    if (major === undefined || version.startsWith(`${major}.`)) return processHost(`Node ${version}`, command);
  }

  return undefined;
}

function* installed(names: readonly string[]): Generator<string> {
  for (const name of names) {
    for (const command of installedFiles(name, process.platform === "win32" ? "bin/node.exe" : "bin/node")) {
      if (dirname(command) !== dirname(process.execPath)) yield command;
    }
  }
}
