import type { Counts } from "./measures.ts";
import type { Verdict } from "./verdict.ts";

/** A question and its answer. The page's state is a list of these, and they are all that is kept over a reload. */
export interface Turn {
  question: string;
  answer: Answered;
}

/** What has come of an answer, and at its end what became of it. */
export interface Answered {
  text: string;
  reasoning: string;
  calls: Call[];
  counts: Counts;
  verdict?: Verdict;
}

/** A tool call as far as it came. Its input is shown as such only when it is whole. */
export interface Call {
  key: string;
  name: string;
  arguments: string;
  isWhole: boolean;
}

export function newAnswer(): Answered {
  return { text: "", reasoning: "", calls: [], counts: { seconds: 0, pieces: 0 } };
}
