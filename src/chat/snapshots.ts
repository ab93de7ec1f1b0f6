import type { Sink, Stage } from "../stage.js";
import type { ToolDelta } from "./delta.js";
import type { Call } from "./tool-keys.js";

/** Reads the arguments of tool calls while they come, with a stage that the caller brings: `partialJSON`. */
export class Snapshots {
  readonly #make: () => Stage<string, unknown>;
  readonly #sinks: Map<Call, Sink<string> | undefined> = new Map();
  #latest: unknown;

  constructor(make: () => Stage<string, unknown>) {
    this.#make = make;
  }

  /** Puts the snapshot on the delta, if its arguments changed anything. */
  add(call: Call, delta: ToolDelta): void {
    this.#latest = undefined;
    try {
      this.#sinkOf(call)?.push(delta.arguments);
    } catch {
      this.#sinks.set(call, undefined); // arguments that are not JSON have no snapshots
    }
    if (this.#latest !== undefined) delta.snapshot = this.#latest;
  }

  #sinkOf(call: Call): Sink<string> | undefined {
    if (this.#sinks.has(call)) return this.#sinks.get(call);
    const sink = this.#make().connect({
      push: (snapshot) => {
        this.#latest = snapshot;
      },
      end: () => undefined,
    });
    this.#sinks.set(call, sink);
    return sink;
  }
}
