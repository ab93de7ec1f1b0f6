import { type BuildOptions, build } from "esbuild";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";

/** How the examples' scripts are built. */
export const BUNDLE: BuildOptions = { bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

export interface Served {
  url: string;
  /** Where V8's inspector looks into the Worker, if it was asked for: `ws:…` */
  inspector?: string;
  close: () => Promise<void>;
}

export interface ServeWorkerOptions {
  /** 0 takes a free one. */
  port: number;
  /** What the Worker is configured with; a variable without a value is left out. */
  bindings: Readonly<Record<string, unknown>>;
  compatibilityFlags?: string[];
  assets?: MiniflareOptions["assets"];
  /** Whether V8's inspector may look into it. */
  isInspected?: boolean;
  /** Gets each line that the Worker logs, instead of the terminal. */
  onLog?: (line: string) => void;
}

/**
 * Runs a Worker in miniflare, that is in workerd.
 *
 * @param entry the path of its module, which is bundled (`wrangler` builds its own bundle from the same source)
 */
export async function serveWorker(
  entry: string,
  { port, bindings, compatibilityFlags, assets, isInspected = false, onLog }: ServeWorkerOptions,
): Promise<Served> {
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    port,
    log: new Log(LogLevel.WARN),
    modules: [{ type: "ESModule", path: "worker.js", contents: await bundle(entry) }],
    compatibilityDate: "2026-07-30", // as in the wrangler.toml of each
    cf: false, // or miniflare asks Cloudflare where it is
    bindings: JSON.parse(JSON.stringify(bindings)), // variables are JSON
    ...(compatibilityFlags === undefined ? {} : { compatibilityFlags }),
    ...(assets === undefined ? {} : { assets }),
    ...(isInspected ? { inspectorPort: 0 } : {}),
    ...(onLog === undefined
      ? {}
      : {
          handleStructuredLogs({ message }: { message: string }): void {
            onLog(message); // miniflare checks that nothing is returned
          },
        }),
  });
  const { origin } = await miniflare.ready;
  return {
    url: origin,
    ...(isInspected ? { inspector: `${await miniflare.getInspectorURL()}core:user:` } : {}), // the name of a Worker that has none
    close: () => miniflare.dispose(),
  };
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...BUNDLE,
    entryPoints: [entry],
    conditions: ["workerd", "worker"],
    write: false,
  });
  const file = outputFiles?.[0];
  if (file === undefined) throw new Error("esbuild gave no Worker");
  return file.text;
}
