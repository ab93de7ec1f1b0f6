import Table from "cli-table3";
import { type Peer, start } from "../hosts/lines.ts";
import type { ProcessHost } from "../hosts/process.ts";
import { machine } from "../machine.ts";
import type { Options } from "../options.ts";
import type { LinearAnswer, LinearQuestion } from "./child.ts";
import { type Shape, shapes } from "./shapes.ts";

type Reading = Peer<LinearQuestion, LinearAnswer>;

const FACTORS = [1, 2, 4] as const;
/** Four times the bytes may take five times the time, for caches and garbage; a quadratic reader takes sixteen times. */
const LIMITS = { 1: 1, 2: 2.5, 4: 5 } as const;

interface Grown {
  readonly shape: Shape;
  /** The best time at each factor: what the work takes when nothing else disturbs it. */
  readonly milliseconds: Map<number, number>;
  readonly bytes: Map<number, number>;
  problem: string | undefined;
}

/** @returns the exit code: 1 when a shape is read wrong or its time grows faster than its bytes */
export async function linear(host: ProcessHost, options: Options): Promise<number> {
  const chosen = shapes.filter(({ name }) => options.shapes.length === 0 || options.shapes.includes(name));
  if (chosen.length === 0) {
    process.stderr.write(`--shape: accepted are ${shapes.map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const about = machine();
  if (!options.json) {
    process.stdout.write(
      `sluice bench linear · ${about.date} UTC · ${host.title}\n${about.cpu} × ${about.cores}, ${about.system}\n`,
    );
    process.stdout.write(
      "`flow` over hostile bodies at n, 2n and 4n: processor time, best of several; right is about × 2 and × 4\n",
    );
  }

  const results: Grown[] = [];
  for (const shape of chosen) results.push(await grow(host, shape, options.quick));

  if (options.json) {
    const rows = results.map(({ shape, milliseconds, bytes, problem }) => ({
      name: shape.name,
      title: shape.title,
      ...(problem !== undefined && { problem }),
      runs: FACTORS.map((factor) => ({
        n: shape.n * factor,
        bytes: bytes.get(factor),
        milliseconds: milliseconds.get(factor),
      })),
      ratios: { double: ratioAt(milliseconds, 2), quadruple: ratioAt(milliseconds, 4) },
    }));
    process.stdout.write(`${JSON.stringify({ ...about, runtime: host.title, shapes: rows }, null, 2)}\n`);
  } else process.stdout.write(`${table(results)}\n`);

  return results.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

async function grow(host: ProcessHost, shape: Shape, quick: boolean): Promise<Grown> {
  const grown: Grown = { shape, milliseconds: new Map(), bytes: new Map(), problem: undefined };
  const peer = start<LinearQuestion, LinearAnswer>(
    host.command,
    host.runtimeArguments,
    new URL("./child.ts", import.meta.url),
    shape.name,
  );

  try {
    for (let warmup = 0; warmup < 3; warmup++) await peer.ask({ n: shape.n });
    // A disturbed machine gets another chance, as the best times only fall; a reader that is not linear fails every time.
    for (let attempt = 0; attempt < 3; attempt++) {
      grown.problem = (await readAll(peer, grown, quick ? 2 : 5)) ?? tooMuch(grown);
      if (grown.problem === undefined) break;
    }
  } finally {
    await peer.close();
  }

  return grown;
}

/** @returns what went wrong, if anything did */
async function readAll(peer: Reading, grown: Grown, rounds: number): Promise<string | undefined> {
  for (let round = 0; round < rounds; round++) {
    // Sizes take turns, so that a disturbance does not fall on one of them alone.
    for (const factor of FACTORS) {
      const answer: LinearAnswer = await peer.ask({ n: grown.shape.n * factor });
      const { milliseconds, bytes, error } = answer;
      if (milliseconds === undefined || bytes === undefined) return error ?? "there was no time in its answer";
      grown.milliseconds.set(factor, Math.min(milliseconds, grown.milliseconds.get(factor) ?? Infinity));
      grown.bytes.set(factor, bytes);
    }
  }

  return undefined;
}

function tooMuch({ milliseconds }: Grown): string | undefined {
  const over = FACTORS.filter((factor) => ratioAt(milliseconds, factor) > LIMITS[factor]);

  return over.length === 0 ? undefined : `more than × ${over.map((factor) => LIMITS[factor]).join(" and × ")}`;
}

function ratioAt(milliseconds: ReadonlyMap<number, number>, factor: number): number {
  return (milliseconds.get(factor) ?? Number.NaN) / (milliseconds.get(1) ?? Number.NaN);
}

function table(results: readonly Grown[]): string {
  const table = new Table({
    head: ["", "n", "MB at n", "ms at n", "2n", "4n", "× at 2n", "× at 4n", ""],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const { shape, milliseconds, bytes, problem } of results) {
    const times = FACTORS.map((factor) => milliseconds.get(factor)?.toFixed(0) ?? "");
    const ratios = [2, 4].map((factor) => ratioAt(milliseconds, factor).toFixed(2));
    const megabytes = ((bytes.get(1) ?? Number.NaN) / 1e6).toFixed(1);
    table.push([
      `${shape.name}: ${shape.title}`,
      shape.n.toLocaleString("en"),
      megabytes,
      ...times,
      ...ratios,
      problem ? `FAILED: ${problem}` : "linear",
    ]);
  }

  return table.toString();
}
