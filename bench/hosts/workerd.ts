import { readdirSync, readFileSync } from "node:fs";
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
 * Cloudflare's runtime. Its clocks stand still while a Worker works, so each request is timed from outside, and what an
 * empty request takes just before is taken off.
 */
export function workerdHost(): Host {
  const runtimes = new Set<Miniflare>();

  return {
    title: `workerd ${installed("workerd")} (miniflare ${installed("miniflare")}, compatibility date ${COMPATIBILITY_DATE})`,
    note: "workerd: a request timed from outside, by its thread's processor time on Linux and by wall time elsewhere, less the median of empty requests",

    async open(contender) {
      const script = await bundle(contender);
      const others = new Set(workerds());
      const runtime = new Miniflare({ modules: true, script, compatibilityDate: COMPATIBILITY_DATE });
      runtimes.add(runtime);
      const url = await runtime.ready;
      const clock = clockOf(workerds().find((id) => !others.has(id)));

      return {
        async ask(question) {
          const empty = question.ask === "run" ? await emptyRequest(url, clock) : 0;
          const start = clock();
          const response = await fetch(url, { method: "POST", body: JSON.stringify(question) });
          const answer: unknown = await response.json();
          const milliseconds = clock() - start - empty;

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

async function emptyRequest(url: URL, clock: () => number): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < EMPTY_REQUESTS; request++) {
    const start = clock();
    await (await fetch(url)).json();
    times.push(clock() - start);
  }

  return spread(times).median;
}

/** The processes of this one's that are workerd, where the system lists them: Linux. */
function workerds(): string[] {
  try {
    const children = readdirSync("/proc/self/task").flatMap((thread) =>
      readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" "),
    );
    return children.filter((id) => id !== "" && readFileSync(`/proc/${id}/comm`, "utf8").trim() === "workerd");
  } catch {
    return [];
  }
}

/**
 * Milliseconds that the thread which runs the Worker has worked: exact once it waits for the next request. It is the
 * process's first, and what else the machine does meanwhile does not count.
 */
function clockOf(id: string | undefined): () => number {
  if (id === undefined) return () => performance.now();
  const statistics = `/proc/${id}/schedstat`;

  return () => Number(readFileSync(statistics, "utf8").split(" ")[0]) / 1e6;
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
