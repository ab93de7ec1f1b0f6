import { checkLimit } from "../options.js";
import type { Heartbeat } from "./body.js";

/** What keeps a silent connection open. */
export interface HeartbeatOptions {
  /** Milliseconds of silence after which there is a sign of life, or Infinity for none. */
  heartbeat?: number;
}

/** As the standard of event streams advises against proxies that give up early. */
const INTERVAL = 15_000;
const COMMENT = ": keep-alive\n\n";

/** A comment, which every reader of events skips; never inside an event. @throws TypeError for what is no time */
export function comments(heartbeat: number = INTERVAL): Heartbeat {
  return { interval: checkLimit("heartbeat", heartbeat), bytes: () => new TextEncoder().encode(COMMENT) };
}

/** An empty line, which readers of NDJSON are asked to skip; none unless it is wanted. @throws TypeError for what is no time */
export function emptyLines(heartbeat: number = Infinity): Heartbeat {
  return { interval: checkLimit("heartbeat", heartbeat), bytes: () => new TextEncoder().encode("\n") };
}
