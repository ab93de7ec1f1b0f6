import type { Deadlines, Delta } from "sluice/chat";
import type { Read } from "./ahead.ts";
import type { Question } from "./ask.ts";

/** A chunk as the network gave it, and when: in milliseconds since the question was sent. */
export interface Chunk extends Read {
  type: "chunk";
  /** Whether the common way of reading could do without the other chunks. */
  parsesAlone: boolean;
}

/** What the reader tells the page, in the order in which it came. */
export type Came = Chunk | Delta;

/** What the page tells its reader. It gets what has come each time that it asks for more. */
export type Told =
  | { type: "ask"; question: Question; deadlines: Deadlines }
  | { type: "more" }
  | { type: "stop" }
  | { type: "leave" };
