import { kindOf } from "../errors.js";

/** Checks that a chunk is text. @throws TypeError that says which stage got what instead */
export function checkText(stage: string, chunk: unknown): void {
  if (typeof chunk === "string") return;
  const hint = ArrayBuffer.isView(chunk) ? ": put decode() before it" : "";
  throw new TypeError(`${stage} takes strings; got ${kindOf(chunk)}${hint}`);
}
