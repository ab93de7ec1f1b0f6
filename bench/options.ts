import { parseArgs } from "node:util";
import { contenderNames } from "./contenders/index.ts";
import { type Runtime, runtimes } from "./hosts/index.ts";
import { workloads } from "./workloads/index.ts";

export const usage = `npm run bench -- [linear | partial | memory | gateway] [options]

  (nothing)           every contender on every workload
  linear              hostile bodies at n, 2n and 4n: does the time grow with the bytes?
  partial             JSON while it is being written: sluice/json and its rivals, and the cost of a chunk at growing sizes
  memory              1 GB through a heap that has to stay flat, and what a kept value keeps alive (Node)
  gateway             what it costs a Worker to send an answer on: untouched, observed, rewritten

  --runtime NAME      node24 (default where it is installed), node26, node (the current one), bun, deno, workerd, chromium
  --workload NAME     only this one; repeatable: ${workloads.map(({ name }) => name).join(", ")}
  --contender NAME    only this one; repeatable: ${contenderNames.join(", ")}
  --shape NAME        linear: only this one; repeatable
  --rounds N          how many rounds (default 15)
  --count N           values per run (default 20000)
  --quick             few values and rounds: does it all still run? No figures to quote
  --json              for machines: all samples
`;

const commands = ["rivals", "linear", "partial", "memory", "gateway"] as const;

export interface Options {
  readonly command: (typeof commands)[number];
  readonly runtime: Runtime | undefined;
  readonly workloads: readonly string[];
  readonly contenders: readonly string[];
  readonly shapes: readonly string[];
  readonly rounds: number;
  readonly count: number;
  readonly quick: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws TypeError that says which option is wrong and what is accepted */
export function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      runtime: { type: "string" },
      workload: { type: "string", multiple: true, default: [] },
      contender: { type: "string", multiple: true, default: [] },
      shape: { type: "string", multiple: true, default: [] },
      rounds: { type: "string" },
      count: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [command = "rivals", ...rest] = positionals;
  if (rest.length > 0) throw new TypeError(`one command at a time, not also "${rest.join(" ")}"`);

  return {
    command: oneOf("command", command, commands),
    runtime: values.runtime === undefined ? undefined : oneOf("--runtime", values.runtime, runtimes),
    workloads: values.workload.map((name) =>
      oneOf(
        "--workload",
        name,
        workloads.map((workload) => workload.name),
      ),
    ),
    contenders: values.contender.map((name) => oneOf("--contender", name, contenderNames)),
    shapes: values.shape,
    rounds: whole("--rounds", values.rounds, values.quick ? 3 : 15),
    count: whole("--count", values.count, values.quick ? 1000 : 20_000),
    quick: values.quick,
    json: values.json,
    help: values.help,
  };
}

function oneOf<T extends string>(option: string, given: string, accepted: readonly T[]): T {
  const found = accepted.find((name) => name === given);
  if (found === undefined) throw new TypeError(`${option} "${given}": accepted are ${accepted.join(", ")}`);

  return found;
}

function whole(option: string, given: string | undefined, otherwise: number): number {
  const number = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new TypeError(`${option} "${given}": a whole number from 1 on is accepted`);

  return number;
}
