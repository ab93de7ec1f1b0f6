import type { Host } from "./host.ts";
import { nodeHost } from "./node.ts";
import type { ProcessHost } from "./process.ts";
import { bunHost, denoHost } from "./programs.ts";

export const runtimes = ["node24", "node26", "node", "bun", "deno", "workerd", "chromium"] as const;

export type Runtime = (typeof runtimes)[number];

/** @returns undefined when that runtime is not here; without a name, Node 24 wherever it can be had: the bars are set for it */
export async function findHost(runtime: Runtime | undefined): Promise<Host | undefined> {
  switch (runtime) {
    // These two bring a bundler along, which the others have no use for.
    case "workerd":
      return (await import("./workerd.ts")).workerdHost();
    case "chromium":
      return (await import("./chromium.ts")).chromiumHost();
    default:
      return findProgram(runtime);
  }
}

/** The same for those that are programs, which run any module. */
export function findProgram(runtime: Runtime | undefined): ProcessHost | undefined {
  switch (runtime) {
    case undefined:
      return nodeHost("node24") ?? nodeHost("node");
    case "bun":
      return bunHost();
    case "deno":
      return denoHost();
    case "workerd":
    case "chromium":
      return undefined;
    default:
      return nodeHost(runtime);
  }
}
