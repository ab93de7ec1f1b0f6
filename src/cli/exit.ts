import type { Outcome } from "../chat/index.js";

/** What the command says by ending: documented in docs/command.md. */
export const EXIT = {
  whole: 0,
  /** The command could not do its work: a file that cannot be read, an address that is taken. */
  failed: 1,
  usage: 2,
  truncated: 3,
  error: 4,
  stalled: 5,
  /** As shells say it of a program that a signal ended: 128 and the signal's number. */
  interrupted: 130,
  readerGone: 141,
  terminated: 143,
} as const;

/** One of the exit codes. */
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** The exit code for what became of an answer. */
export function exitOf(outcome: Outcome): Exit {
  if (outcome === "complete") return EXIT.whole;
  return outcome === "aborted" ? EXIT.interrupted : EXIT[outcome];
}

/** What a command cannot do, in words for the person who asked: what is wrong, and what to do. It ends with `exit`. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly exit: Exit;

  constructor(message: string, { exit = EXIT.failed, cause }: { exit?: Exit; cause?: unknown } = {}) {
    super(message, { cause });
    this.exit = exit;
  }
}
