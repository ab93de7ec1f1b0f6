import Table from "cli-table3";
import { bundle } from "../hosts/bundle.ts";
import { type TimedWorker, timedWorker, workerd } from "../hosts/workerd-clock.ts";
import { installedVersion, machine } from "../machine.ts";
import type { Options } from "../options.ts";
import { ratio, type Spread, spread } from "../statistics.ts";
import { type Workload, workloads } from "../workloads/index.ts";
import { type Path, rename } from "./paths/path.ts";
import type { GatewayQuestion } from "./worker.ts";

/** Each is the file of its name in `paths/`. */
const pathNames = [
  "untouched",
  "bare",
  "observe",
  "tee",
  "rewrite-serve",
  "rewrite-flow",
  "rewrite-fuse",
  "chain",
] as const;
type PathName = (typeof pathNames)[number];

/** What a path is compared with, besides the body untouched: the usual way to do the same. */
const rivals: Partial<Record<PathName, PathName>> = {
  bare: "chain",
  observe: "tee",
  "rewrite-serve": "chain",
  "rewrite-flow": "chain",
  "rewrite-fuse": "chain",
};

/** How the upstream sends. */
const cases = [
  { name: "chat-event", isSlow: false },
  { name: "chat-event", isSlow: true },
  { name: "chat-16k", isSlow: false },
];

const SLOW = ", from an upstream that is slower than the Worker: no chunk is there when it is asked for";

interface Lane {
  readonly name: PathName;
  readonly path: Path;
  readonly worker: TimedWorker;
  /** µs per event, a sample a round. */
  readonly samples: number[];
}

/** What it costs a Worker to send an answer on: bytes in, events, bytes out. @returns the exit code */
export async function gateway(options: Options): Promise<number> {
  const about = {
    ...machine(),
    runtime: workerd.title,
    note: workerd.note,
    packages: Object.fromEntries(["sluice", "eventsource-parser"].map((name) => [name, installedVersion(name)])),
  };
  if (!options.json) {
    process.stdout.write(
      `sluice bench gateway · ${about.date} UTC · ${about.runtime}\n${about.cpu} × ${about.cores}, ${about.system}\n${about.note}\n`,
    );
  }

  const results: unknown[] = [];
  let failed = false;
  for (const { name, isSlow } of cases) {
    const workload = workloads.find((each) => each.name === name);
    if (!workload) throw new Error(`there is no workload "${name}"`);
    const lanes = await open();
    try {
      const problem = await measure(lanes, workload, isSlow, options);
      failed ||= problem !== undefined;
      if (options.json) results.push({ workload: workload.name, isSlow, problem, lanes: lanes.map(asJSON) });
      else
        process.stdout.write(
          `\n${workload.title}${isSlow ? SLOW : ""}\n${problem ? `FAILED: ${problem}` : table(lanes)}\n`,
        );
    } finally {
      await Promise.all(lanes.map(({ worker }) => worker.close()));
    }
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ ...about, workloads: results }, null, 2)}\n`);

  return failed ? 1 : 0;
}

/** One after the other: a Worker's clock is that of the process which has just come. */
async function open(): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const name of pathNames) {
    const { path }: { path: Path } = await import(`./paths/${name}.ts`);
    const script = await bundle(
      `import { path } from "./gateway/paths/${name}.ts";
      import { worker } from "./gateway/worker.ts";
      export default worker(path);`,
      ["workerd", "worker"],
    );
    lanes.push({ name, path, worker: await timedWorker(script), samples: [] });
  }

  return lanes;
}

/** First what each gives and learns is verified, then rounds that another begins each time. @returns what went wrong */
async function measure(
  lanes: readonly Lane[],
  workload: Workload,
  isSlow: boolean,
  { count, rounds, quick }: Options,
): Promise<string | undefined> {
  const question = JSON.stringify({ ask: "pass", workload: workload.name, count, isSlow } satisfies GatewayQuestion);

  for (const lane of lanes) {
    const problem = await verify(lane, workload, count, question);
    if (problem !== undefined) return `${lane.path.title}: ${problem}`;
    for (let warmup = 0; warmup < (quick ? 1 : 3); warmup++) await lane.worker.request(question);
  }
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const lane = lanes[(round + turn) % lanes.length];
      if (!lane) continue;
      const { milliseconds } = await lane.worker.request(question);
      lane.samples.push((milliseconds * 1000) / count);
    }
  }

  return undefined;
}

async function verify(lane: Lane, workload: Workload, count: number, question: string): Promise<string | undefined> {
  const { bytes } = await lane.worker.request(question);
  const given = new TextDecoder().decode(bytes);
  const sent = Buffer.concat(workload.chunks(count)).toString();
  const expected = lane.path.gives === "same" ? sent : renamed(sent);
  if (given !== expected) return `gave ${given.length} characters other than the ${expected.length} expected`;

  if (lane.name !== "observe" && lane.name !== "tee") return undefined;
  const answer = await lane.worker.request(JSON.stringify({ ask: "learnt" } satisfies GatewayQuestion));
  const learnt: { text?: string } | null = JSON.parse(new TextDecoder().decode(answer.bytes));

  return learnt?.text === workload.text?.(count) ? undefined : "did not learn the answer's text";
}

/** The body with each value's model rewritten, made in the plainest way. */
function renamed(body: string): string {
  return body.replaceAll(/^data: (\{.*)$/gm, (_, json: string) => `data: ${JSON.stringify(rename(JSON.parse(json)))}`);
}

function table(lanes: readonly Lane[]): string {
  const table = new Table({
    head: ["", "µs per event", "× untouched", "usual way ÷ this", "the same, beyond untouched"],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  const untouched = lanes.find(({ name }) => name === "untouched")?.samples ?? [];
  for (const { name, path, samples } of lanes) {
    const rival = lanes.find((lane) => lane.name === rivals[name])?.samples;
    table.push([
      path.title,
      text(spread(samples)),
      text(ratio(samples, untouched)),
      rival ? text(ratio(rival, samples)) : "",
      rival ? beyondText(beyond(rival, untouched), beyond(samples, untouched)) : "",
    ]);
  }

  return table.toString();
}

/** What a path itself costs: without the source of the benchmark and the writing to the socket, which all have. */
function beyond(samples: readonly number[], untouched: readonly number[]): number[] {
  return samples.map((sample, round) => sample - (untouched[round] ?? Number.NaN));
}

/** No ratio says how much less than nothing is. */
function beyondText(rival: readonly number[], samples: readonly number[]): string {
  return spread(samples).q3 <= 0 ? "less than untouched" : text(ratio(rival, samples));
}

function text({ median, q1, q3 }: Spread): string {
  return `${median.toFixed(2)} (${q1.toFixed(2)}–${q3.toFixed(2)})`;
}

function asJSON({ name, path, samples }: Lane): unknown {
  return { name, title: path.title, microseconds: spread(samples), samples };
}
