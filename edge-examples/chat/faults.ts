/**
 * The ways in which the embedded upstream can misbehave. The page offers them, the Worker forwards them, the upstream does
 * them; at most one of `CHUNKINGS`, any of `DRESSINGS`, any of `ACCIDENTS`.
 */

/** How the bytes of the answer are cut into chunks; without one each event is a chunk of its own. */
export const CHUNKINGS = ["cut-anywhere", "one-byte", "split-characters"] as const;

/** What is legal or common around and inside events, changes nothing in the answer, and breaks naive readers. */
export const DRESSINGS = ["crlf", "noise", "control-characters", "split-json"] as const;

/** What takes something away from the answer, or its end; the last two say so, in a finish reason. */
export const ACCIDENTS = ["malformed", "error", "early-end", "cut", "stall", "length", "filter"] as const;

export type Chunking = (typeof CHUNKINGS)[number];
export type Dressing = (typeof DRESSINGS)[number];
export type Accident = (typeof ACCIDENTS)[number];
export type Fault = Chunking | Dressing | Accident;

export const FAULTS: readonly Fault[] = [...CHUNKINGS, ...DRESSINGS, ...ACCIDENTS];

/** The header in which the Worker asks the embedded upstream for faults: their names, separated by commas. */
export const FAULTS_HEADER = "x-demo-faults";

export function isFault(value: unknown): value is Fault {
  return FAULTS.some((fault) => fault === value);
}
