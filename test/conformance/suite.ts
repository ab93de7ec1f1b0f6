import { settled } from "../support/sources.ts";
import { type Case, runCase, type Transcript } from "./case.ts";
import { sha256 } from "./sha256.ts";

/** What a runtime says of its run. */
export interface Report {
  readonly transcripts: readonly Transcript[];
  /** SHA-256 over the names and transcripts of all cases, in hexadecimal. */
  readonly digest: string;
  /** What was not as it should be: nothing, in a good run. */
  readonly faults: readonly string[];
}

/** What the suite has to be told of a runtime. */
export interface Host {
  /** Where the runtime puts the reasons of rejections that nobody handles; undefined if it tells nobody. */
  readonly unhandled: unknown[] | undefined;
  /** Whether a rejection is one that the runtime leaves behind with its own streams alone. */
  readonly isExcused?: (where: string, reason: unknown) => boolean;
}

/** Runs every case, one after the other. */
export async function runSuite(cases: readonly Case[], host: Host): Promise<Report> {
  const faults: string[] = [];
  const { unhandled = [], isExcused } = host;
  if (host.unhandled !== undefined && !(await noticesUnhandled(unhandled)))
    faults.push("this runtime's unhandled rejections are not noticed");

  const transcripts: Transcript[] = [];
  for (const each of cases) {
    const transcript = await runCase(each);
    transcripts.push(transcript);
    faults.push(...transcript.faults);
    await settled(2);
    noteUnhandled(`at ${each.name}`);
  }
  await settled(5);
  noteUnhandled("at the end");
  return { transcripts, digest: digestOf(transcripts), faults };

  function noteUnhandled(where: string): void {
    for (const reason of unhandled.splice(0)) {
      if (isExcused?.(where, reason) !== true) faults.push(`${where}: nobody handled ${String(reason)}`);
    }
  }
}

export function digestOf(transcripts: readonly Pick<Transcript, "name" | "text">[]): string {
  const all = JSON.stringify(transcripts.map(({ name, text }) => [name, text]));
  return sha256(new TextEncoder().encode(all));
}

/** A rejection that nobody handles, to see that this would be seen. */
async function noticesUnhandled(unhandled: unknown[]): Promise<boolean> {
  void Promise.reject(new Error("on purpose"));
  for (let turn = 0; turn < 50 && unhandled.length === 0; turn++) await settled(1);
  return unhandled.splice(0).length === 1;
}
