import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Log, LogLevel, Miniflare } from "miniflare";
import { buildWorker, PAGE_DIRECTORY } from "./build.ts";
import type { Env } from "./worker/env.ts";

export interface ServeOptions {
  /** 0 takes a free one. */
  port: number;
  /** What the Worker is configured with; a variable without a value is left out. */
  bindings: Omit<Env, "ASSETS">;
  /** Where `buildPage` has put the page. */
  directory?: string;
  /** Takes each line that the Worker logs; the terminal, unless told otherwise. */
  onLog?: (line: string) => void;
}

export interface Served {
  url: string;
  close: () => Promise<void>;
}

/** Runs the Worker in miniflare, that is in workerd, with the page that `buildPage` has built. */
export async function serve({
  port,
  bindings,
  directory = PAGE_DIRECTORY,
  onLog = console.log,
}: ServeOptions): Promise<Served> {
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port,
    log: new Log(LogLevel.WARN),
    modules: [{ type: "ESModule", path: "worker.js", contents: await buildWorker() }],
    compatibilityDate: "2026-07-30", // as in wrangler.toml
    cf: false, // or miniflare asks Cloudflare where it is
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      createInterface(stdout).on("line", onLog);
      createInterface(stderr).on("line", onLog);
    },
    bindings: Object.fromEntries(Object.entries(bindings).filter(([, value]) => value !== undefined)),
    assets: {
      directory,
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
  });
  const { origin } = await miniflare.ready;
  return { url: origin, close: () => miniflare.dispose() };
}
