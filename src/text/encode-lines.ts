import { kindOf } from "../errors.js";
import { checkFunction } from "../options.js";
import { type Stage, stage } from "../stage.js";

/** Options of `encodeLines`. */
export interface EncodeLinesOptions {
  /** Makes a value's line, without its end; `JSON.stringify` unless told otherwise. */
  stringify?: (value: unknown) => string;
}

/**
 * Writes each value as a line of JSON in UTF-8 (NDJSON). What it writes, `splitLines` and `bufferParse` read back.
 *
 * @throws TypeError when a value cannot be written as JSON, or its line holds a CR or LF, which would forge a line
 * @see https://github.com/ndjson/ndjson-spec
 *
 * @example
 * ```ts
 * import { encodeLines, flow } from "sluice";
 *
 * const lines = flow([{ text: "a\nb" }, [1]], encodeLines());
 * console.log(await new Response(lines.readable).text());
 * // → {"text":"a\nb"}
 * // → [1]
 * // →
 * ```
 */
export function encodeLines({
  stringify = JSON.stringify,
}: EncodeLinesOptions = {}): Stage<unknown, Uint8Array<ArrayBuffer>> {
  checkFunction("stringify", stringify);
  return stage((out) => {
    const encoder = new TextEncoder();
    return {
      push(value) {
        const line: unknown = stringify(value);
        if (typeof line !== "string") throw new TypeError(`encodeLines cannot write ${kindOf(value)} as JSON`);
        if (/[\r\n]/.test(line)) throw new TypeError(`A line cannot hold a line end: ${JSON.stringify(line)}`);
        out.push(encoder.encode(`${line}\n`));
      },
      end: () => out.end(),
    };
  });
}
