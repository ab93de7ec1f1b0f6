import type { Reads } from "./contenders/contender.ts";
import type { Host, OpenSeat } from "./hosts/host.ts";
import type { Answer } from "./seat.ts";
import type { Workload } from "./workloads/index.ts";

export interface Method {
  /** Values per run. */
  readonly count: number;
  readonly rounds: number;
  readonly warmups: number;
}

export interface Row {
  readonly contender: string;
  /** µs per value, a sample a round; empty unless `problem` is undefined and it is able. */
  readonly samples: number[];
  /** It read other values than the workload is made of, or failed: the command fails. */
  problem: string | undefined;
  /** It cannot read this by design. */
  readonly unable?: string;
}

export interface Result {
  readonly workload: Workload;
  readonly digest: string;
  readonly rows: readonly Row[];
}

export interface Entrant {
  readonly name: string;
  readonly reads: Reads;
  readonly unable?: string | undefined;
}

/**
 * Measures the entrants on one workload: each alone in a seat of its own; first every value is verified, then each is
 * warmed up, then rounds in which each runs once, begun by another entrant every time.
 */
export async function measure(
  host: Host,
  workload: Workload,
  entrants: readonly Entrant[],
  method: Method,
): Promise<Result> {
  const question = { workload: workload.name, count: method.count };
  const able: { row: Row; seat: OpenSeat; expected: Answer }[] = [];
  const rows: Row[] = [];
  const expectations = new Map<Reads, Answer>();

  try {
    for (const { name, reads, unable } of entrants) {
      const row: Row = { contender: name, samples: [], problem: undefined, ...(unable !== undefined && { unable }) };
      rows.push(row);
      if (unable !== undefined) continue;

      const seat = await host.open(name);
      // Every seat can say what the workload is made of; asking one is enough, and this process stays free of it.
      const expected = expectations.get(reads) ?? (await seat.ask({ ask: "expect", ...question }));
      expectations.set(reads, expected);
      able.push({ row, seat, expected });
      const verified = await seat.ask({ ask: "verify", ...question });
      row.problem = problemOf(verified.error ?? expected.error, verified.digest, expected.digest);

      for (let warmup = 0; warmup < method.warmups && !row.problem; warmup++) await time(seat, row, expected);
      row.samples.length = 0;
    }

    for (let round = 0; round < method.rounds; round++) {
      for (let turn = 0; turn < able.length; turn++) {
        const entrant = able[(round + turn) % able.length];
        if (entrant && !entrant.row.problem) await time(entrant.seat, entrant.row, entrant.expected);
      }
    }
  } finally {
    await Promise.all(able.map(({ seat }) => seat.close()));
  }

  return { workload, digest: expectations.get("values")?.digest ?? "", rows };

  /** Two runs, the better of which counts: the first finds the caches full of what others did since the last turn. */
  async function time(seat: OpenSeat, row: Row, expected: Answer): Promise<void> {
    let best = Infinity;
    for (let run = 0; run < 2 && !row.problem; run++) {
      const { error, tally, milliseconds = Number.NaN } = await seat.ask({ ask: "run", ...question });
      row.problem = problemOf(error, tally, expected.tally);
      best = Math.min(best, milliseconds);
    }
    row.samples.push((best * 1000) / method.count);
  }
}

function problemOf(
  error: string | undefined,
  read: string | undefined,
  expected: string | undefined,
): string | undefined {
  if (error !== undefined) return error;

  return read === expected
    ? undefined
    : `read other values: ${read}, where the workload holds ${expected} (count:checksum)`;
}
