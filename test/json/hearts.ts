import type { Stage } from "sluice";
import { pieces } from "../support/cuts.ts";

/** What a stage gave for chunks, value by value, and how it ended. */
export interface Gave<Out> {
  values: Out[];
  /** How many values there were after each chunk, and after the end. */
  counts: number[];
  error: unknown;
  ended: boolean;
}

/** Runs a stage's heart alone. */
export function give<Out>(stage: Stage<string, Out>, chunks: readonly string[]): Gave<Out> {
  const gave: Gave<Out> = { values: [], counts: [], error: undefined, ended: false };
  try {
    const sink = stage.connect({
      push: (value) => void gave.values.push(value),
      end: () => {
        gave.ended = true;
      },
    });
    for (const chunk of chunks) {
      sink.push(chunk);
      gave.counts.push(gave.values.length);
    }
    sink.end();
    gave.counts.push(gave.values.length);
  } catch (error) {
    gave.error = error;
  }
  return gave;
}

/** The text cut at these places. */
export function cut(text: string, at: readonly number[]): string[] {
  return pieces(text, at);
}

/** Every character in a chunk of its own. */
export function characters(text: string): string[] {
  return text.split("");
}
