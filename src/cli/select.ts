import type { Command } from "commander";
import { ANY, parsePath, type Step } from "../json/path.js";
import { EXIT, Refusal } from "./exit.js";

/** The option of the commands that write values. */
export interface SelectOptions {
  select?: string;
}

/** Adds `--select`. */
export function addSelect(command: Command): Command {
  return command.option("--select <path>", "write what this path leads to, such as $.choices[*].delta");
}

/** What a path of `--select` leads to in each value. */
export type Select = (value: unknown) => readonly unknown[];

/**
 * Makes the function of `--select`; without a path it gives the value itself.
 *
 * @throws Refusal for a bad path
 */
export function selectBy(path: string | undefined): Select {
  if (path === undefined) return (value) => [value];
  let steps: readonly Step[];
  try {
    steps = parsePath(path);
  } catch (cause) {
    throw new Refusal(`--select: ${cause instanceof Error ? cause.message : cause}`, { exit: EXIT.usage, cause });
  }
  return (value) =>
    steps.reduce<readonly unknown[]>((values, step) => values.flatMap((each) => under(each, step)), [value]);
}

function under(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === ANY) return Object.values(value);
  const isThere = Array.isArray(value) === (typeof step === "number") && Object.hasOwn(value, step);
  return isThere ? [(value as Record<string | number, unknown>)[step]] : [];
}
