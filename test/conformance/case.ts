import { canonical } from "../support/transcript.ts";

/**
 * One thing that has to be the same in every runtime. A case imports no test runner and no Node module, and uses no API that
 * some runtime lacks, so that the same bundle runs in a browser, a Worker and a bare engine.
 */
export interface Case {
  readonly name: string;
  /** Notes what it sees, in order: those notes are its transcript. */
  readonly run: (note: Note) => void | Promise<void>;
}

export interface Note {
  /** What was seen, in canonical form. */
  (what: string, seen: unknown): void;
  /** The same, and a fault of this runtime unless it is what it should be. */
  is: (what: string, seen: unknown, expected: unknown) => void;
}

/** What came of one case. */
export interface Transcript {
  readonly name: string;
  readonly text: string;
  /** What was not as it should be. */
  readonly faults: readonly string[];
}

/** How long a case may take, in milliseconds: much longer than any does. */
const LIMIT = 20_000;

export async function runCase({ name, run }: Case): Promise<Transcript> {
  const lines: string[] = [];
  const faults: string[] = [];
  const note: Note = Object.assign(
    (what: string, seen: unknown) => {
      lines.push(`${what}: ${canonical(seen)}`);
    },
    {
      is(what: string, seen: unknown, expected: unknown) {
        note(what, seen);
        if (canonical(seen) !== canonical(expected)) {
          faults.push(`${name}: ${what} is ${canonical(seen)}, should be ${canonical(expected)}`);
        }
      },
    },
  );
  try {
    await within(LIMIT, async () => run(note));
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    lines.push(`threw ${said}`);
    faults.push(`${name}: threw ${said}`);
  }
  return { name, text: lines.join("\n"), faults };
}

async function within(milliseconds: number, work: () => Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over within ${milliseconds} ms`)), milliseconds);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
