import { existsSync } from "node:fs";
import type { Contender } from "./contenders/contender.ts";
import { type ContenderName, contenderNames, ownNames } from "./contenders/index.ts";
import type { Host } from "./hosts/host.ts";
import { findHost, findProgram } from "./hosts/index.ts";
import { linear } from "./linear/linear.ts";
import { installedVersion, machine } from "./machine.ts";
import { type Method, measure } from "./measure.ts";
import { memory } from "./memory/memory.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { partial } from "./partial/partial.ts";
import { type Header, headerText, resultJSON, resultText } from "./report.ts";
import { workloads } from "./workloads/index.ts";

process.exitCode = await main();

/** @returns the exit code: 1 when a contender read other values than the rest, or time grew faster than the bytes */
async function main(): Promise<number> {
  const options = tryOptions();
  if (!options || options.help) {
    process.stdout.write(usage);
    return options ? 0 : 2;
  }
  const chosen = chosenNames(contenderNames, options.contenders);
  const ownWanted = options.command !== "rivals" || chosen.some((name) => ownNames.includes(name));
  if (ownWanted && !existsSync(new URL("../dist/index.js", import.meta.url))) {
    process.stderr.write("There is no dist/: the built package is what is measured. Run `npm run build` first.\n");
    return 2;
  }

  return await run(options, chosen);
}

async function run(options: Options, chosen: readonly ContenderName[]): Promise<number> {
  switch (options.command) {
    case "rivals":
      return await inAny(options, chosen);
    case "gateway":
      return await (await import("./gateway/gateway.ts")).gateway(options); // it alone needs miniflare
    default:
      return await inProgram(options);
  }
}

/** Growth is a property of the code, not of the runtime: one is enough. */
async function inProgram(options: Options): Promise<number> {
  const host = findProgram(options.runtime);
  if (!host) return missing(options.runtime);

  return await (options.command === "partial" ? partial : options.command === "memory" ? memory : linear)(
    host,
    options,
  );
}

async function inAny(options: Options, chosen: readonly ContenderName[]): Promise<number> {
  const host = await findHost(options.runtime);
  if (!host) return missing(options.runtime);

  try {
    return await rivals(host, options, chosen);
  } finally {
    await host.close();
  }
}

function missing(runtime: Options["runtime"]): number {
  process.stderr.write(
    `${runtime} is not here, or cannot do this. \`npm ci --prefix bench\` brings node24, bun and deno on Linux x64, the system brings chromium; linear and partial run in node24, node26, node, bun and deno.\n`,
  );

  return 2;
}

function tryOptions(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n`);
    return undefined;
  }
}

async function rivals(host: Host, options: Options, chosen: readonly ContenderName[]): Promise<number> {
  const contenders = new Map<string, Contender>();
  for (const name of chosen) {
    const { contender }: { contender: Contender } = await import(`./contenders/${name}.ts`);
    contenders.set(name, contender);
  }
  const method: Method = { count: options.count, rounds: options.rounds, warmups: options.quick ? 1 : 3 };
  const packages = [...contenders.values()].flatMap((contender) => contender.package ?? []);
  const header: Header = {
    ...machine(),
    runtime: host.title,
    note: host.note,
    packages: Object.fromEntries(packages.map((name) => [name, installedVersion(name)])),
    method,
  };
  if (!options.json) process.stdout.write(`${headerText(header)}\n`);

  const results: unknown[] = [];
  let failed = false;
  for (const workload of workloads) {
    if (options.workloads.length > 0 && !options.workloads.includes(workload.name)) continue;
    const able = [...contenders.values()].filter(({ framings }) => framings.includes(workload.framing));
    const entrants = able.map(({ name, reads = "values", unable }) => ({
      name,
      reads,
      unable: unable?.[workload.name],
    }));
    const result = await measure(host, workload, entrants, method);
    failed ||= result.rows.some((row) => row.problem !== undefined);
    if (options.json) results.push(resultJSON(result));
    else process.stdout.write(`\n${resultText(result, contenders)}\n`);
  }

  if (options.json) process.stdout.write(`${JSON.stringify({ ...header, workloads: results }, null, 2)}\n`);
  if (failed)
    process.stderr.write("\nA contender did not read what the others read: no figure of its can be compared.\n");

  return failed ? 1 : 0;
}

function chosenNames<T extends string>(all: readonly T[], wanted: readonly string[]): readonly T[] {
  return wanted.length === 0 ? all : all.filter((name) => wanted.includes(name));
}
