import { readFileSync } from "node:fs";
import type { Identity, Run } from "../../conformance/main.ts";

/** A place where the suite can be run. */
export interface Runtime {
  readonly name: string;
  /** Why it cannot be run here; undefined if it can. */
  readonly missing: () => Promise<string | undefined>;
  /** Runs the suite; `signal` is aborted when it takes too long, and then everything that was started must end. */
  readonly run: (bundles: Bundles, signal: AbortSignal) => Promise<Run>;
  /** Its version, as the run tells it. @throws Error when the run was somewhere else */
  readonly version: (identity: Identity) => string;
  /** Whether what the table says of it may only change with a lock file. */
  readonly isPinned: boolean;
}

/** The suite, bundled with the packed package, for each kind of runtime; and a folder for what they need. */
export interface Bundles {
  readonly process: string;
  readonly worker: string;
  readonly page: string;
  readonly script: string;
  readonly application: string;
  readonly folder: string;
}

/** @throws Error unless the run was where it should be */
export function assertIs(name: string, identity: Identity, ...conditions: readonly boolean[]): void {
  if (conditions.every(Boolean)) return;
  throw new Error(`This was not ${name}, but ${JSON.stringify(identity)}`);
}

/** The version of a package in this folder. */
export function installed(name: string): string {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
