import type { Sink, Stage } from "../stage.js";
import type { ToolDelta } from "./delta.js";
import type { Call } from "./tool-keys.js";

const NOBODY: Sink<string> = { push: () => undefined, end: () => undefined };

/**
 * Reads the arguments of tool calls while they come, with a stage that the caller brings: `partialJSON`. Each delta gets the
 * snapshot, if its arguments changed anything.
 */
export function snapshotting(make: () => Stage<string, unknown>): (call: Call, delta: ToolDelta) => void {
  let latest: unknown;
  const push = (snapshot: unknown): void => {
    latest = snapshot;
  };

  return (call, delta) => {
    latest = undefined;
    try {
      call.arguments ??= make().connect({ ...NOBODY, push });
      call.arguments.push(delta.arguments);
    } catch {
      call.arguments = NOBODY; // what is not JSON has no snapshots
    }
    if (latest !== undefined) delta.snapshot = latest;
  };
}
