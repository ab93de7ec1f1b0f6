import { kindOf } from "../errors.js";
import type { ServerSentEvent } from "../sse/event.js";

/** The text of a frame: a string itself, or an event's data. @throws TypeError that says which stage got what instead */
export function textOf(stage: string, frame: string | ServerSentEvent): string {
  const text: unknown = typeof frame === "string" ? frame : frame?.data;
  if (typeof text === "string") return text;
  const hint = ArrayBuffer.isView(frame) ? ": put decode() before it" : "";
  throw new TypeError(`${stage} takes strings or events with data; got ${kindOf(frame)}${hint}`);
}
