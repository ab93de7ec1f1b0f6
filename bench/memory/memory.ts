import Table from "cli-table3";
import { type Peer, start } from "../hosts/lines.ts";
import type { ProcessHost } from "../hosts/process.ts";
import { machine } from "../machine.ts";
import type { Options } from "../options.ts";
import type { MemoryAnswer, MemoryQuestion, Way } from "./child.ts";

const WAYS = ["values", "events", "lines", "deltas"] as const satisfies readonly Way[];
const MARKS = 4;
const CHUNKS = 500;
const CHUNK_KILOBYTES = 64;
/** What the heap may hold more at the end than at the first mark, in bytes: noise of the collector, not of the stream. */
const FLAT = 2_000_000;

interface Row {
  readonly way: Way;
  readonly read: MemoryAnswer;
  readonly kept: MemoryAnswer;
  readonly problem: string | undefined;
}

/** A long stream in a flat heap, and what a kept value keeps alive. @returns the exit code */
export async function memory(host: ProcessHost, options: Options): Promise<number> {
  const bytes = options.quick ? 20_000_000 : 1_000_000_000;
  const about = machine();
  if (!options.json) {
    process.stdout.write(
      `sluice bench memory · ${about.date} UTC · ${host.title}\n${about.cpu} × ${about.cores}, ${about.system}\n` +
        `${bytes / 1e6} MB of ~300-byte chat events in ${CHUNK_KILOBYTES} KiB chunks; the heap after a collection at each quarter; ` +
        `then the first of each of ${CHUNKS} chunks' values is kept\n`,
    );
  }

  const rows: Row[] = [];
  for (const way of WAYS) {
    const read = await ask(host, { ask: "read", way, bytes, marks: MARKS });
    const kept = await ask(host, { ask: "keep", way, chunks: CHUNKS });
    rows.push({ way, read, kept, problem: problemOf(read) ?? kept.error });
  }
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ...about, runtime: host.title, bytes, rows }, null, 2)}\n`);
  else process.stdout.write(`${table(rows)}\n`);

  return rows.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

/** Each question gets a process of its own: what one leaves behind is not the next one's. */
async function ask(host: ProcessHost, question: MemoryQuestion): Promise<MemoryAnswer> {
  const module = new URL("./child.ts", import.meta.url);
  const peer: Peer<MemoryQuestion, MemoryAnswer> = start(host.command, host.runtimeArguments, module);
  try {
    return await peer.ask(question);
  } finally {
    await peer.close();
  }
}

function problemOf({ error, heap = [] }: MemoryAnswer): string | undefined {
  const [first = Number.NaN, last = Number.NaN] = [heap[0], heap.at(-1)];
  if (error !== undefined) return error;

  return last - first <= FLAT ? undefined : "the heap grows";
}

function table(rows: readonly Row[]): string {
  const table = new Table({
    head: ["", "read", "heap at each quarter, MB", "most resident, MB", "a kept one holds", ""],
    colAligns: ["left", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const { way, read, kept, problem } of rows) {
    table.push([
      way,
      (read.values ?? 0).toLocaleString("en"),
      (read.heap ?? []).map((bytes) => (bytes / 1e6).toFixed(1)).join("  "),
      ((read.resident ?? Number.NaN) / 1e6).toFixed(0),
      `${((kept.heap?.[0] ?? Number.NaN) / 1000).toFixed(1)} kB of ${CHUNK_KILOBYTES} KiB`,
      problem ? `FAILED: ${problem}` : "flat",
    ]);
  }

  return table.toString();
}
