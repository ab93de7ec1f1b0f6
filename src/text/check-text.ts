import { kindOf } from "../errors.js";

/** Checks that a chunk is text. @throws TypeError that says which stage got what instead */
export function checkText(stage: string, chunk: unknown): void {
  if (typeof chunk !== "string") throw wrongChunk(stage, "strings", chunk);
}

/** The error for a chunk that a stage does not take. */
export function wrongChunk(stage: string, takes: string, chunk: unknown): TypeError {
  const hint = ArrayBuffer.isView(chunk) ? ": put decode() before it" : "";
  return new TypeError(`${stage} takes ${takes}; got ${kindOf(chunk)}${hint}`);
}
