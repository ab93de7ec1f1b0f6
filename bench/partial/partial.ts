import Table from "cli-table3";
import { type Peer, start } from "../hosts/lines.ts";
import type { ProcessHost } from "../hosts/process.ts";
import { installedVersion, machine } from "../machine.ts";
import { ratio, spread } from "../statistics.ts";
import type { PartialAnswer, PartialQuestion } from "./child.ts";
import { contenders } from "./contenders.ts";
import { list, shapes } from "./document.ts";

export interface PartialOptions {
  readonly rounds: number;
  readonly quick: boolean;
  readonly json: boolean;
}

/** How often as fast as the other, at least: what is promised, at the median of the rounds. */
const bars: readonly { name: string; base: string; times: number }[] = [
  { name: "mutable", base: "jsonriver", times: 2 },
  { name: "immutable", base: "jsonriver", times: 0.5 },
  { name: "bufferParse-5", base: "streamparser-5", times: 6 },
  { name: "bufferParse-1k", base: "JSON.parse", times: 1 / 3.5 },
];

const SIZES = [10_000, 100_000, 1_000_000, 10_000_000] as const;
/** A chunk at 10 MB may take this many times as long as at 10 KB: caches and the garbage collector, not the work. */
const FLAT = 4;

type Child = Peer<PartialQuestion, PartialAnswer>;

/** A JSON document while it is being written: against its rivals, and at growing sizes. @returns the exit code */
export async function partial(host: ProcessHost, options: PartialOptions): Promise<number> {
  const packages = Object.fromEntries(
    ["jsonriver", "@streamparser/json"].map((name) => [name, installedVersion(name)]),
  );
  const about = { ...machine(), runtime: host.title, packages };
  if (!options.json) {
    process.stdout.write(
      `sluice bench partial · ${about.date} UTC · ${host.title}\n${about.cpu} × ${about.cores}, ${about.system}\n`,
    );
    process.stdout.write(
      `${Object.entries(packages)
        .map(([name, version]) => `${name} ${version}`)
        .join(", ")}\n`,
    );
  }
  const rivals = await rivalry(host, options);
  const growth = await growing(host, options);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...about, rivals, growth }, null, 2)}\n`);

  return rivals.problem !== undefined || growth.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

interface Rivalry {
  samples: Record<string, number[]>;
  problem?: string;
}

/** Each in a process of its own, taking turns: the garbage of one is not charged to the next. */
async function rivalry(host: ProcessHost, { rounds, quick, json }: PartialOptions): Promise<Rivalry> {
  const names = Object.keys(contenders);
  const children = new Map(names.map((name) => [name, child(host, name)] as const));
  const result: Rivalry = { samples: Object.fromEntries(names.map((name) => [name, []])) };
  const expected = JSON.stringify(JSON.parse(list()));
  try {
    for (let round = quick ? -1 : -5; round < rounds; round++) {
      for (const [name, peer] of children) {
        const { milliseconds, last, error } = await peer.ask({ ask: "read" });
        if (error !== undefined || milliseconds === undefined) result.problem = `${name}: ${error ?? "no time"}`;
        else if (last !== expected) result.problem = `${name} did not read the document`;
        if (round >= 0 && milliseconds !== undefined) result.samples[name]?.push(milliseconds);
      }
      if (result.problem !== undefined) break;
    }
  } finally {
    for (const peer of children.values()) await peer.close();
  }
  if (!json) process.stdout.write(`\n${rivalryText(result)}\n`);

  return result;
}

function rivalryText({ samples, problem }: Rivalry): string {
  if (problem !== undefined) return `FAILED: ${problem}`;
  const table = new Table({
    head: ["", "ms", "times as fast as", "", "bar"],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, { title, task }] of Object.entries(contenders)) {
    const base = task === "partial" ? "jsonriver" : name === "bufferParse-1k" ? "JSON.parse" : "streamparser-5";
    const own = samples[name] ?? [];
    const bar = bars.find((each) => each.name === name);
    const times = name === base || name === "JSON.parse" ? "" : spread2(ratio(samples[base] ?? [], own));
    table.push([
      title,
      spread2(spread(own)),
      times,
      times === "" ? "" : base,
      bar ? `at least ${bar.times.toFixed(2)}` : "",
    ]);
  }

  return `a document of ${list().length.toLocaleString("en")} characters and 1,500 items; every value read, in chunks of 5 characters unless said otherwise\n${table.toString()}`;
}

function spread2({ median, q1, q3 }: { median: number; q1: number; q3: number }): string {
  return `${median.toFixed(2)} (${q1.toFixed(2)}–${q3.toFixed(2)})`;
}

interface Grown {
  mode: "mutable" | "immutable";
  shape: string;
  /** The best at each size. */
  microseconds: number[];
  problem?: string;
}

async function growing(host: ProcessHost, { quick, json }: PartialOptions): Promise<Grown[]> {
  const results: Grown[] = [];
  const sizes = quick ? SIZES.slice(0, 2) : SIZES;
  for (const mode of ["mutable", "immutable"] as const) {
    for (const shape of Object.keys(shapes)) {
      const peer = child(host, mode);
      const grown: Grown = { mode, shape, microseconds: sizes.map(() => Number.POSITIVE_INFINITY) };
      try {
        for (let round = 0; round < (quick ? 2 : 5); round++) {
          for (const [index, size] of sizes.entries()) {
            const { microseconds, error } = await peer.ask({ ask: "grow", shape, size });
            if (microseconds === undefined) grown.problem = error ?? "no time";
            else
              grown.microseconds[index] = Math.min(microseconds, grown.microseconds[index] ?? Number.POSITIVE_INFINITY);
          }
        }
      } finally {
        await peer.close();
      }
      const [first = Number.NaN, last = Number.NaN] = [grown.microseconds[0], grown.microseconds.at(-1)];
      if (mode === "mutable" && last / first > FLAT)
        grown.problem = `a chunk takes ${(last / first).toFixed(1)} times as long`;
      results.push(grown);
    }
  }
  if (!json) process.stdout.write(`\n${growthText(results, sizes)}\n`);

  return results;
}

function growthText(results: readonly Grown[], sizes: readonly number[]): string {
  const table = new Table({
    head: ["", ...sizes.map((size) => (size < 1e6 ? `${size / 1e3} KB` : `${size / 1e6} MB`)), ""],
    style: { head: [], border: [], compact: true },
  });
  for (const { mode, shape, microseconds, problem } of results) {
    const verdict = problem ? `FAILED: ${problem}` : mode === "mutable" ? "flat" : "a copy of what is open";
    table.push([`${mode}: ${shapes[shape]?.title}`, ...microseconds.map((each) => each.toFixed(2)), verdict]);
  }

  return `microseconds for one more chunk in a document of so many characters (10 MB: 100,000 items or keys), best of several\n${table.toString()}`;
}

function child(host: ProcessHost, name: string): Child {
  return start<PartialQuestion, PartialAnswer>(
    host.command,
    host.runtimeArguments,
    new URL("./child.ts", import.meta.url),
    name,
  );
}
