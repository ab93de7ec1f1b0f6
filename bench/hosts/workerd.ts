import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import type { Answer } from "../seat.ts";
import { spread } from "../statistics.ts";
import type { Host } from "./host.ts";

/** The date from which streams in Workers have the standard's backpressure is 2024-12-16; this one is younger. */
const COMPATIBILITY_DATE = "2026-01-01";
const EMPTY_REQUESTS = 15;

/**
 * Cloudflare's runtime. Its clocks stand still while a Worker works, so requests are timed from outside, and what an
 * empty request takes just before is taken off.
 */
export function workerdHost(): Host {
  const runtimes = new Set<Miniflare>();

  return {
    title: `workerd ${installed("workerd")} (miniflare ${installed("miniflare")}, compatibility date ${COMPATIBILITY_DATE})`,
    note: "workerd: wall time of a request from outside, less the median of empty requests",

    async open(contender) {
      const runtime = new Miniflare({
        modules: true,
        script: await bundle(contender),
        compatibilityDate: COMPATIBILITY_DATE,
      });
      runtimes.add(runtime);
      const url = await runtime.ready;

      return {
        async ask(question) {
          const empty = question.ask === "run" ? await emptyRequest(url) : 0;
          const start = performance.now();
          const response = await fetch(url, { method: "POST", body: JSON.stringify(question) });
          const answer: unknown = await response.json();
          const milliseconds = performance.now() - start - empty;

          return { ...(answer as Answer), milliseconds }; // what worker.ts answers
        },
        async close() {
          runtimes.delete(runtime);
          await runtime.dispose();
        },
      };
    },

    async close() {
      await Promise.all([...runtimes].map((runtime) => runtime.dispose()));
    },
  };
}

async function emptyRequest(url: URL): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < EMPTY_REQUESTS; request++) {
    const start = performance.now();
    await (await fetch(url)).json();
    times.push(performance.now() - start);
  }

  return spread(times).median;
}

/** One contender and nothing else, as its Worker would be deployed. */
async function bundle(contender: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { contender } from "./contenders/${contender}.ts";
        import { worker } from "./hosts/worker.ts";
        export default worker(contender);`,
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    conditions: ["workerd", "worker"],
    logLevel: "error",
  });

  return outputFiles[0]?.text ?? "";
}

/** Both come with the project's own tools; their `exports` may hide package.json, so its folder is searched for. */
function installed(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const { version }: { version: string } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8"));
      return version;
    } catch {
      // Not in this folder.
    }
  }

  return "of unknown version";
}
