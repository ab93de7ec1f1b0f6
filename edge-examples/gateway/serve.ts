import { fileURLToPath } from "node:url";
import { type Served, serveWorker } from "../shared/miniflare.ts";
import type { Env } from "./worker/env.ts";

export interface ServeGatewayOptions {
  /** 0 takes a free one. */
  port: number;
  /** The configuration, and the secrets that it names. */
  bindings: Env & Readonly<Record<string, unknown>>;
  /** Whether V8's inspector may look into it. */
  isInspected?: boolean;
  /** Gets each line of the log, instead of the terminal. */
  onLog?: (line: string) => void;
}

/** Runs the gateway in miniflare, that is in workerd, as its `wrangler.toml` would. */
export function serveGateway({ port, bindings, isInspected = false, onLog }: ServeGatewayOptions): Promise<Served> {
  return serveWorker(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    port,
    bindings,
    compatibilityFlags: ["enable_request_signal"],
    isInspected,
    ...(onLog === undefined ? {} : { onLog }),
  });
}
