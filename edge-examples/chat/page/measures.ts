import type { Usage } from "sluice/chat";

/** What an answer took, over all of its parts if it was continued. */
export interface Counts {
  /** From the first content to the last. */
  seconds: number;
  /** How many deltas held content. */
  pieces: number;
  /** Tokens as the provider counts them, if it said. */
  output?: number;
  input?: number;
  reasoning?: number;
}

/** Adds what the provider says of one part. */
export function withUsage(counts: Counts, { input, output, reasoning }: Partial<Usage>): Counts {
  const sum = (before = 0, more = 0): number => before + more;
  return {
    ...counts,
    ...(output === undefined ? {} : { output: sum(counts.output, output) }),
    ...(input === undefined ? {} : { input: sum(counts.input, input) }),
    ...(reasoning === undefined ? {} : { reasoning: sum(counts.reasoning, reasoning) }),
  };
}

/** Such as "212 tokens, 40 of them reasoning · 31 in the prompt · 4.7 s · 45 per second". Without usage, deltas are counted. */
export function measuresOf({ seconds, pieces, output, input, reasoning }: Counts): string {
  if (pieces === 0) return "";
  const spent = output ?? pieces;
  const of = reasoning ? `, ${number(reasoning)} of them reasoning` : "";
  const parts = [output === undefined ? plural(pieces, "delta") : `${plural(output, "token")}${of}`];
  if (input) parts.push(`${number(input)} in the prompt`);
  parts.push(`${seconds.toFixed(1)} s`);
  if (seconds >= 0.1) parts.push(`${number(Math.round(spent / seconds))} per second`);
  // A line ends between two measures, not within one.
  return parts.map((part) => part.replaceAll(" ", "\u00a0")).join(" · ");
}

function plural(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function number(count: number): string {
  return count.toLocaleString("en");
}
