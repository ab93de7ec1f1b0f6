import type { Command } from "commander";
import type { Exit } from "./exit.js";

/** What the work of a command gets from its surroundings. */
export interface Surroundings {
  /** Aborted by Ctrl-C, by SIGTERM, and when nobody reads the output any more: end then, and leave nothing behind. */
  signal: AbortSignal;
}

/** Does the work of a command and ends the process as it says. What is thrown is told on stderr; a `Refusal` in its own words. */
export type Run = (work: (surroundings: Surroundings) => Promise<Exit>) => Promise<void>;

/** Adds one command to the program: each file in `commands/` exports one of these, and main.ts lists them. */
export type AddCommand = (program: Command, run: Run) => void;
