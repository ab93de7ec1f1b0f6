import type { Answer, Question } from "../seat.ts";

/** A runtime to measure in. Adding one is adding a file here. */
export interface Host {
  /** The runtime with its version, as the report names it. */
  readonly title: string;
  /** Why its figures are what they are, when they are not simply wall time. */
  readonly note?: string;
  open(contender: string): Promise<OpenSeat>;
  close(): Promise<void>;
}

export interface OpenSeat {
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}
