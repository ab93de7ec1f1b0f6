import { spawnSync } from "node:child_process";
import { installedFiles } from "./installed.ts";
import { type ProcessHost, processHost } from "./process.ts";

/**
 * Bun, from its package of Linux x64 or from the PATH.
 *
 * @returns undefined when it is not here
 */
export function bunHost(): ProcessHost | undefined {
  return hostOf("Bun", installedFiles("@oven/bun-linux-x64", "bin/bun"), "bun", []);
}

/** The same for Deno, which reads its packages from where npm put them. */
export function denoHost(): ProcessHost | undefined {
  const flags = ["run", "--allow-all", "--node-modules-dir=manual", "--no-lock", "--quiet"];

  return hostOf("Deno", installedFiles("@deno/linux-x64-glibc", "deno"), "deno", flags);
}

function hostOf(
  title: string,
  installed: Iterable<string>,
  fromPath: string,
  flags: string[],
): ProcessHost | undefined {
  for (const command of [...installed, fromPath]) {
    const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
    const version = /\d+\.\d+\.\d+/.exec(stdout ?? "");
    if (status === 0 && version) return processHost(`${title} ${version[0]}`, command, flags);
  }

  return undefined;
}
