import { checkFunction } from "../options.js";
import { type Stage, stage } from "../stage.js";

/**
 * Passes on the values for which `fn` returns true; a type guard narrows their type. What `fn` throws is the stream's error.
 *
 * @example
 * ```ts
 * import { filter, flow } from "sluice";
 *
 * for await (const n of flow([1, 2, 3], filter((n) => n !== 2))) console.log(n);
 * // → 1
 * // → 3
 * ```
 */
export function filter<A, B extends A>(fn: (value: A) => value is B): Stage<A, B>;
export function filter<A>(fn: (value: A) => boolean): Stage<A, A>;
export function filter<A>(fn: (value: A) => boolean): Stage<A, A> {
  checkFunction("filter's argument", fn);
  return stage((out) => ({
    push(value) {
      if (fn(value)) out.push(value);
    },
    end: () => out.end(),
  }));
}
