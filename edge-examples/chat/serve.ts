import { fileURLToPath } from "node:url";
import { type Served, serveWorker } from "../shared/miniflare.ts";
import { PAGE_DIRECTORY } from "./build.ts";
import type { Env } from "./worker/env.ts";

export type { Served };

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

/** Runs the Worker in miniflare, that is in workerd, with the page that `buildPage` has built. */
export function serve({
  port,
  bindings,
  directory = PAGE_DIRECTORY,
  onLog = console.log,
}: ServeOptions): Promise<Served> {
  return serveWorker(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    port,
    bindings: { ...bindings },
    compatibilityFlags: ["enable_request_signal"], // as in wrangler.toml
    onLog,
    assets: {
      directory,
      binding: "ASSETS",
      routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    },
  });
}
