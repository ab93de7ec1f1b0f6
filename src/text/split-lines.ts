import { excerpt, SluiceError } from "../errors.js";
import { checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Sink, type Stage, stage } from "../stage.js";
import { checkText } from "./check-text.js";
import { PendingText } from "./pending.js";

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
  return stage(lineSplitter(checkLimit("maxLineLength", maxLineLength)));
}

/** The heart of `splitLines` without a face, for what is a heart itself. */
export function lineSplitter(maxLineLength: number): (out: Sink<string>) => Sink<string> {
  return (out) => {
    const line = new PendingText();
    let offset = 0; // at which the line in progress began

    /** The line that `last` completes, without the CR of a CRLF. */
    function take(last: string): string {
      const text = line.take(last);
      const length = text.endsWith("\r") ? text.length - 1 : text.length;
      if (length > maxLineLength) throw tooLong(text);
      offset += text.length + 1;
      return text.slice(0, length);
    }

    function tooLong(text: string): SluiceError {
      const raw = text.slice(0, maxLineLength + 1);
      const message = `The line at offset ${offset} is longer than maxLineLength (${maxLineLength}): ${excerpt(raw)}`;
      return new SluiceError("too-long", message, { raw, offset });
    }

    return {
      push(text) {
        checkText("splitLines", text);
        if (text === "") return;
        let start = 0;
        for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
          out.push(take(text.slice(start, end)));
          start = end + 1;
        }
        line.add(text.slice(start));
        // One more may be the CR of the line's end.
        if (line.length > maxLineLength + (text.endsWith("\r") ? 1 : 0)) throw tooLong(line.take());
      },
      end() {
        if (line.length > 0) out.push(take(""));
        out.end();
      },
    };
  };
}
