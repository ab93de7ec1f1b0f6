import type { Sink, Stage } from "../stage.js";
import type { ToolDelta } from "./delta.js";
import type { Call } from "./tool-keys.js";

/**
 * Reads the arguments of tool calls while they come, with a stage that the caller brings: `partialJSON`. Each delta gets the
 * snapshot, if its arguments changed anything.
 */
export function snapshotting(make: () => Stage<string, unknown>): (call: Call, delta: ToolDelta) => void {
  const sinks = new Map<Call, Sink<string> | undefined>();
  let latest: unknown;

  return (call, delta) => {
    latest = undefined;
    try {
      if (!sinks.has(call)) {
        const push = (snapshot: unknown): void => {
          latest = snapshot;
        };
        sinks.set(call, make().connect({ push, end: () => undefined }));
      }
      sinks.get(call)?.push(delta.arguments);
    } catch {
      sinks.set(call, undefined); // arguments that are not JSON have no snapshots
    }
    if (latest !== undefined) delta.snapshot = latest;
  };
}
