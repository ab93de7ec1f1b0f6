import { checkFunction } from "../options.js";
import { type Stage, stage } from "../stage.js";

/**
 * Passes on what `fn` makes of each value. What `fn` throws is the stream's error.
 *
 * @example
 * ```ts
 * import { flow, map } from "sluice";
 *
 * for await (const length of flow(["one", "three"], map((word) => word.length))) console.log(length);
 * // → 3
 * // → 5
 * ```
 */
export function map<A, B>(fn: (value: A) => B): Stage<A, B> {
  checkFunction("map's argument", fn);
  return stage((out) => ({
    push: (value) => out.push(fn(value)),
    end: () => out.end(),
  }));
}
