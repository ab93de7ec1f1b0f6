import { cases } from "./index.ts";
import { excuses, type Probes, probe } from "./probes.ts";
import { type Host, type Report, runSuite } from "./suite.ts";

// What every bundle runs, whatever runtime it is for.

/** What a runtime says of itself, so that a run can be shown to be where it should be. */
export type Identity = Readonly<Record<string, string>>;

export interface Run {
  readonly identity: Identity;
  readonly probes: Probes;
  readonly report: Report;
}

export async function main(unhandled?: unknown[]): Promise<Run> {
  const host: Host = { unhandled };
  const found = identity(); // before anything else: what it is, and not what it has been made
  const probes = await probe(host);
  const report = await runSuite(cases, { ...host, isExcused: excuses(probes) });
  return { identity: found, probes, report };
}

function identity(): Identity {
  const found: Record<string, string> = {};
  const note = (name: string, tell: () => unknown): void => {
    try {
      const told = tell();
      if (told !== undefined) found[name] = String(told);
    } catch {
      // then it is not there
    }
  };
  const global = globalThis as unknown as Record<string, Record<string, Record<string, unknown>>>;
  note("userAgent", () => global["navigator"]?.["userAgent"]);
  note("node", () => global["process"]?.["versions"]?.["node"]);
  note("bun", () => global["Bun"]?.["version"]);
  note("deno", () => global["Deno"]?.["version"]?.["deno"]);
  note("edge", () => global["EdgeRuntime"]);
  note("flags", () => JSON.stringify(global["Cloudflare"]?.["compatibilityFlags"]));
  note("engine", () => global["engine"]);
  for (const name of ["window", "process", "document", "print", "console", "WebAssembly"])
    if (name in globalThis) found[name] = "there";
  return found;
}
