import { checkFunction } from "../options.js";
import { type Stage, stage } from "../stage.js";

/**
 * Shows `fn` each value and passes it on unchanged: put it in front of any stage to see what goes in. What `fn` throws is
 * the stream's error.
 *
 * @example
 * ```ts
 * import { decode, flow, tap } from "sluice";
 *
 * const chunks: number[] = [];
 * const source = [new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac])]; // one character, cut in two
 * for await (const text of flow(source, tap((chunk: Uint8Array) => chunks.push(chunk.length)), decode())) console.log(text); // → €
 * console.log(chunks); // → [ 2, 1 ]
 * ```
 */
export function tap<A>(fn: (value: A) => void): Stage<A, A> {
  checkFunction("tap's argument", fn);
  return stage((out) => ({
    push(value) {
      fn(value);
      out.push(value);
    },
    end: () => out.end(),
  }));
}
