/**
 * What the page says, behind as much of an answer as arrived, when the reader wants the rest. Providers have no request for
 * it that works with all of them; models understand this one. The embedded upstream recognises it by its wording.
 */
export const CONTINUE =
  "Continue your last answer exactly where it stops, in the middle of a word if need be. Repeat nothing, say nothing before it.";
