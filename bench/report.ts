import Table from "cli-table3";
import type { Contender } from "./contenders/contender.ts";
import type { Machine } from "./machine.ts";
import type { Method, Result, Row } from "./measure.ts";
import { ratio, type Spread, spread } from "./statistics.ts";

export interface Header extends Machine {
  readonly runtime: string;
  readonly note?: string | undefined;
  readonly packages: Readonly<Record<string, string>>;
  readonly method: Method;
}

/** What the ratios are taken against: how far ahead `flow` is, and how near to the floor. */
const bases = ["flow", "floor"];

export function headerText({ date, cpu, cores, memoryGiB, system, runtime, note, packages, method }: Header): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);

  return [
    `sluice bench · ${date} UTC · ${runtime}`,
    `${cpu} × ${cores}, ${memoryGiB} GiB, ${system}`,
    versions.join(" · "),
    `${method.count.toLocaleString("en")} values a run, ${method.rounds} rounds after ${method.warmups} warm-ups, the better of two each time; medians, quartiles in brackets; a ratio is that of the same round`,
    ...(note ? [note] : []),
  ].join("\n");
}

export function resultText(result: Result, contenders: ReadonlyMap<string, Contender>): string {
  const table = new Table({
    head: ["", "µs per value", ...bases.map((base) => `× ${base}`)],
    colAligns: ["left", "right", ...bases.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  const samplesOf = new Map(result.rows.map((row) => [row.contender, row.samples]));

  for (const row of result.rows) {
    const title = contenders.get(row.contender)?.title ?? row.contender;
    const word = row.problem ? `FAILED: ${row.problem}` : row.unable;
    if (word !== undefined) table.push([title, { content: word, colSpan: 1 + bases.length, hAlign: "left" }]);
    else
      table.push([
        title,
        withSpread(spread(row.samples)),
        ...bases.map((base) => against(row, base, samplesOf.get(base))),
      ]);
  }

  return `${result.workload.name}: ${result.workload.title}\n${table.toString()}\nchecksum of all values, the same for all: ${result.digest}`;
}

function against(row: Row, base: string, samples: readonly number[] | undefined): string {
  if (!samples || samples.length === 0 || row.samples.length === 0) return "";

  return row.contender === base ? "1" : withSpread(ratio(row.samples, samples));
}

function withSpread({ median, q1, q3 }: Spread): string {
  return `${median.toFixed(2)} (${q1.toFixed(2)}–${q3.toFixed(2)})`;
}

export function resultJSON({ workload, digest, rows }: Result): unknown {
  const samplesOf = new Map(rows.map((row) => [row.contender, row.samples]));

  return {
    name: workload.name,
    title: workload.title,
    digest,
    rows: rows.map(({ contender, samples, problem, unable }) => ({
      contender,
      ...(problem !== undefined && { problem }),
      ...(unable !== undefined && { unable }),
      ...(samples.length > 0 && {
        microseconds: spread(samples),
        ratios: Object.fromEntries(bases.flatMap((base) => ratioTo(base, samples, samplesOf.get(base)))),
        samples,
      }),
    })),
  };
}

function ratioTo(
  base: string,
  samples: readonly number[],
  baseSamples: readonly number[] | undefined,
): [string, Spread][] {
  return baseSamples && baseSamples.length > 0 ? [[base, ratio(samples, baseSamples)]] : [];
}
