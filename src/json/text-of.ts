import type { ServerSentEvent } from "../sse/event.js";
import { wrongChunk } from "../text/check-text.js";

/** The text of a frame: a string itself, or an event's data. @throws TypeError that says which stage got what instead */
export function textOf(stage: string, frame: string | ServerSentEvent): string {
  const text: unknown = typeof frame === "string" ? frame : frame?.data;
  if (typeof text !== "string") throw wrongChunk(stage, "strings or events with data", frame);
  return text;
}
