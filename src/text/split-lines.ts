import { tooLong } from "../errors.js";
import { checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Sink, type Stage, stage } from "../stage.js";
import { checkText } from "./check-text.js";

/** Options of `splitLines`. */
export interface SplitLinesOptions {
  /** The most characters (UTF-16 code units) a line may have, without its end; 32 Mi unless told otherwise. */
  maxLineLength?: number;
}

/**
 * Splits text into lines that end in LF or CRLF. U+2028, U+2029 and a lone CR are no line ends, so JSON strings survive.
 * A last line without its end is emitted at the end of the stream; empty lines are emitted as `""`.
 *
 * @throws SluiceError "too-long" when a line passes `maxLineLength` characters, with the offset at which it began
 * @see https://github.com/ndjson/ndjson-spec
 *
 * @example
 * ```ts
 * import { bufferParse, flow, splitLines } from "sluice";
 *
 * for await (const value of flow(['{"a":1}\r', '\n{"a":', "2}"], splitLines(), bufferParse())) console.log(value);
 * // → { a: 1 }
 * // → { a: 2 }
 * ```
 */
export function splitLines({ maxLineLength = DEFAULT_MAX_LENGTH }: SplitLinesOptions = {}): Stage<string, string> {
  checkLimit("maxLineLength", maxLineLength);
  return stage(lineSplitter(maxLineLength));
}

/** The heart of `splitLines` without a face, for what is a heart itself. The limit is not checked. */
export function lineSplitter(maxLineLength: number): (out: Sink<string>) => Sink<string> {
  return (out) => {
    let line = ""; // the line in progress
    let offset = 0; // at which it began

    /** Gives the line in progress, without the CR of a CRLF. */
    function give(): void {
      const text = line.endsWith("\r") ? line.slice(0, -1) : line;
      checkLength(text.length);
      offset += line.length + 1;
      line = "";
      out.push(text);
    }

    function checkLength(length: number): void {
      if (length <= maxLineLength) return;
      throw tooLong("line", offset, "maxLineLength", maxLineLength, line.slice(0, maxLineLength + 1));
    }

    return {
      push(text) {
        checkText("splitLines", text);
        if (text === "") return;
        let start = 0;
        for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
          line += text.slice(start, end);
          start = end + 1;
          give();
        }
        line += text.slice(start);
        checkLength(text.endsWith("\r") ? line.length - 1 : line.length); // which may be the CR of the line's end
      },
      end() {
        if (line !== "") give();
        out.end();
      },
    };
  };
}
