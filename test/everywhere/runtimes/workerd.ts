import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Miniflare, supportedCompatibilityDate } from "miniflare";
import type { Run } from "../../conformance/main.ts";
import { assertIs, type Bundles, type Runtime } from "./runtime.ts";

/** Older ones have other streams: see docs/runtimes.md. */
const OLDEST = "2022-11-30";

const { version: installed } = JSON.parse(
  await readFile(createRequire(import.meta.resolve("miniflare")).resolve("workerd/package.json"), "utf8"),
) as { version: string };

function workerd(name: string, compatibilityDate: string): Runtime {
  return {
    name,
    isPinned: true,
    missing: async () => undefined, // npm ci brings it
    version(identity) {
      assertIs(name, identity, identity["userAgent"] === "Cloudflare-Workers", identity["node"] === undefined);
      return `${installed} at ${compatibilityDate}`;
    },
    async run(bundles: Bundles, signal: AbortSignal): Promise<Run> {
      const miniflare = new Miniflare({
        modules: [{ type: "ESModule", path: "conformance.js", contents: bundles.worker }],
        compatibilityDate,
      });
      const dispose = (): void => void miniflare.dispose().catch(() => undefined);
      signal.addEventListener("abort", dispose);
      try {
        const response = await miniflare.dispatchFetch("http://localhost/");
        return (await response.json()) as Run;
      } finally {
        signal.removeEventListener("abort", dispose);
        if (!signal.aborted) await miniflare.dispose();
      }
    },
  };
}

export const workerds: readonly Runtime[] = [
  workerd("workerd (oldest)", OLDEST),
  workerd("workerd (newest)", supportedCompatibilityDate),
];
