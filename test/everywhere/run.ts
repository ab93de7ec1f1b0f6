// The conformance suite with the packed package in every runtime: a line each, one digest for all. `npm run test:everywhere`;
// `-- --only=Deno,WebKit` runs a part, `-- --write` keeps what the runtimes said of themselves in docs/runtimes.md.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundle } from "../conformance/bundle.ts";
import type { Run } from "../conformance/main.ts";
import { digestOf } from "../conformance/suite.ts";
import { firstDifference } from "./compare.ts";
import { pack } from "./pack.ts";
import { browsers } from "./runtimes/browsers.ts";
import { edge } from "./runtimes/edge.ts";
import { engines } from "./runtimes/engines.ts";
import { processes } from "./runtimes/processes.ts";
import type { Bundles, Runtime } from "./runtimes/runtime.ts";
import { workerds } from "./runtimes/workerd.ts";
import { type Column, compareTables, writeTables } from "./table.ts";

/** How long one runtime may take, in milliseconds. */
const LIMIT = 180_000;
/** How many run at a time: a browser is several processes. */
const TOGETHER = 3;

const runtimes: readonly Runtime[] = [...processes, ...workerds, edge, ...browsers, ...engines];
const isCI = Boolean(process.env["CI"]);

interface Done extends Column {
  readonly run: Run;
}

const { values: options } = parseArgs({
  options: { only: { type: "string" }, write: { type: "boolean", default: false } },
});
const chosen =
  options.only === undefined ? runtimes : runtimes.filter(({ name }) => options.only?.split(",").includes(name));
if (chosen.length === 0) throw new Error(`--only takes names of ${runtimes.map(({ name }) => name).join(", ")}`);

const complaints: string[] = [];
const folder = await mkdtemp(join(tmpdir(), "sluice-everywhere-"));
try {
  const done = await runAll(await bundles());
  compareRuns(done);
  await tell(done);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const complaint of complaints) console.error(`everywhere: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;

/** The suite with the packed package, bundled for each kind of runtime. */
async function bundles(): Promise<Bundles> {
  const packed = await pack(folder);
  const suite = (name: string, format: "esm" | "iife"): Promise<string> =>
    bundle(`import ${JSON.stringify(fileURLToPath(new URL(`bundles/${name}.ts`, import.meta.url)))};`, {
      folder: packed.folder,
      format,
    });
  const worker = fileURLToPath(new URL("bundles/worker.ts", import.meta.url));
  const application = await build({
    entryPoints: [fileURLToPath(new URL("bundles/application.ts", import.meta.url))],
    bundle: true,
    format: "iife",
    write: false,
    platform: "neutral",
    mainFields: ["module", "main"],
    define: { global: "globalThis" },
  });
  return {
    process: await suite("process", "esm"),
    worker: await bundle(`export { default } from ${JSON.stringify(worker)};`, { folder: packed.folder }),
    page: await suite("page", "esm"),
    script: await suite("script", "iife"),
    application: application.outputFiles[0]?.text ?? "",
    folder,
  };
}

/** Runs the suite in every runtime that is there, a few at a time, and prints a line each. */
async function runAll(bundles: Bundles): Promise<Done[]> {
  const done: (Done | undefined)[] = [];
  const waiting = [...chosen.entries()].reverse(); // the slow ones first
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, runtime] = next;
      done[index] = await runIn(runtime, bundles);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return done.filter((each) => each !== undefined);
}

async function runIn({ name, missing, run, version, isPinned }: Runtime, bundles: Bundles): Promise<Done | undefined> {
  const why = await missing();
  if (why !== undefined) {
    console.log(`${name.padEnd(18)} skipped: ${why}`);
    if (isCI) complaints.push(`${name} is missing: ${why}`);
    return undefined;
  }
  const from = performance.now();
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over within ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    const finished = await Promise.race([run(bundles, stop.signal), late]);
    if ("error" in finished) throw new Error(String(finished.error));
    const { identity, probes, report } = finished;
    const found = version(identity);
    if (digestOf(report.transcripts) !== report.digest)
      complaints.push(`${name}: its digest is not that of its transcripts`);
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    const cases = `${report.transcripts.length} cases`;
    console.log(`${name.padEnd(18)} ${found.padEnd(42)} ${cases} ${report.digest} ${seconds.padStart(5)} s`);
    complaints.push(...report.faults.map((fault) => `${name}: ${fault}`));
    return { name, version: found, probes, isPinned, run: finished };
  } catch (error) {
    console.log(`${name.padEnd(18)} failed`);
    complaints.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** One digest for all, or where the first differs from each that is different. */
function compareRuns([first, ...others]: readonly Done[]): void {
  if (first === undefined) return void complaints.push("nothing ran");
  for (const { name, run } of others) {
    if (run.report.digest === first.run.report.digest) continue;
    const difference = firstDifference([first.name, first.run.report.transcripts], [name, run.report.transcripts]);
    complaints.push(`${name} is not the same as ${first.name}; ${difference}`);
  }
}

/** Keeps or compares what the runtimes said of themselves. */
async function tell(done: readonly Done[]): Promise<void> {
  if (options.write) {
    if (done.length < runtimes.length) complaints.push("docs/runtimes.md is written only when every runtime has run");
    else await writeTables(done);
    return;
  }
  const disagreements = await compareTables(done);
  for (const { text, isWrong } of disagreements) {
    if (isWrong) complaints.push(text);
    else console.log(`note: ${text}`);
  }
  if (disagreements.length > 0) console.log("`npm run test:everywhere -- --write` writes docs/runtimes.md anew");
  const [digest, ...rest] = new Set(done.map(({ run }) => run.report.digest));
  if (complaints.length === 0) console.log(`one digest in ${done.length} runtimes: ${digest}${rest.join()}`);
}
