import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/** Where and with what a figure was measured: without it, it is worth nothing. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

export function machine(): Machine {
  const processors = cpus();

  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
  };
}

/** The version that is really installed, which a pin in package.json alone does not prove. */
export function installedVersion(name: string): string {
  const manifest =
    name === "sluice"
      ? new URL("../package.json", import.meta.url)
      : new URL(`./node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(manifest)) return "not installed";
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));

  return version;
}
