import { readdirSync, readFileSync } from "node:fs";
import { Miniflare } from "miniflare";
import { spread } from "../statistics.ts";
import { installedFiles } from "./installed.ts";

/** The date from which streams in Workers have the standard's backpressure is 2024-12-16; this one is younger. */
const COMPATIBILITY_DATE = "2026-01-01";
const EMPTY_REQUESTS = 15;

/** How the report names the runtime, and why its figures are what they are. */
export const workerd = {
  title: `workerd ${installed("workerd")} (miniflare ${installed("miniflare")}, compatibility date ${COMPATIBILITY_DATE})`,
  note: "workerd: a request timed from outside, by its thread's processor time on Linux and by wall time elsewhere, less the median of empty requests",
};

/** A Worker whose requests are timed from outside, because its own clocks stand still while it works. */
export interface TimedWorker {
  /** Sends `body` and reads the response to its end. @returns it with the milliseconds beyond those of an empty request */
  request(body: string): Promise<{ bytes: Uint8Array; milliseconds: number }>;
  close(): Promise<void>;
}

/** @param script a module whose `fetch` answers a GET at once with next to nothing: the empty request */
export async function timedWorker(script: string): Promise<TimedWorker> {
  const others = new Set(workerds());
  const runtime = new Miniflare({ modules: true, script, compatibilityDate: COMPATIBILITY_DATE });
  const url = await runtime.ready;
  const clock = clockOf(workerds().find((id) => !others.has(id)));

  return {
    async request(body) {
      const empty = await emptyRequest(url, clock);
      const start = clock();
      const response = await fetch(url, { method: "POST", body });
      const bytes = new Uint8Array(await response.arrayBuffer());

      return { bytes, milliseconds: clock() - start - empty };
    },
    close: () => runtime.dispose(),
  };
}

async function emptyRequest(url: URL, clock: () => number): Promise<number> {
  const times: number[] = [];
  for (let request = 0; request < EMPTY_REQUESTS; request++) {
    const start = clock();
    await (await fetch(url)).arrayBuffer();
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

/** Both come with the project's own tools. */
function installed(name: string): string {
  for (const manifest of installedFiles(name, "package.json")) {
    const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
    return version;
  }

  return "of unknown version";
}
