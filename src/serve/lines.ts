import { encodeLines } from "../text/encode-lines.js";
import { bodyOf, type Writer } from "./body.js";
import { checkOnError, concluded, type ErrorOptions, type Script } from "./ending.js";
import { emptyLines, type HeartbeatOptions } from "./heartbeat.js";
import { type ResponseOptions, streamed } from "./response.js";
import { openValues, type Values } from "./source.js";

/** Options of `lineStream`. Without `heartbeat` there is no sign of life; with it, an empty line. */
export interface LineStreamOptions extends HeartbeatOptions, ErrorOptions {}

/** Options of `lineResponse`. */
export interface LineResponseOptions extends LineStreamOptions, ResponseOptions {}

/**
 * Sends values, or the deltas of an answer, as lines of JSON (NDJSON). The last line says how the stream ended:
 * `{"type":"end","outcome":"complete"}`; if it was not whole, a line `{"message":…,"type":"error"}` comes before it.
 * Otherwise it is as `sseResponse`.
 *
 * @param source a Flow, an Answer, a stream or an iterable; it is claimed at once, and read when the response is
 * @throws TypeError when `source` is none of these, or locked or used, or an option is not what it should be
 * @see https://github.com/ndjson/ndjson-spec
 *
 * @example
 * ```ts
 * import { lineResponse } from "sluice/serve";
 *
 * const response = lineResponse([{ n: 1 }, "a\nb"]);
 * console.log((await response.text()).trimEnd());
 * // → {"n":1}
 * // → "a\nb"
 * // → {"type":"end","outcome":"complete"}
 * ```
 */
export function lineResponse<T>(source: Values<T>, options: LineResponseOptions = {}): Response {
  return streamed(() => lineStream(source, options), "application/x-ndjson; charset=utf-8", options);
}

/**
 * The body of `lineResponse`, for a response of your own.
 * @throws TypeError as `lineResponse`
 */
export function lineStream<T>(
  source: Values<T>,
  { heartbeat, onError }: LineStreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const beat = emptyLines(heartbeat);
  checkOnError(onError);

  function connect(push: (bytes: Uint8Array) => void): Writer<T> {
    const out = { push, end: () => undefined };
    const lines = encodeLines().connect(out);
    const script: Script<T> = {
      push: lines.push,
      end({ error, ...ending }) {
        const last = encodeLines().connect(out); // the other has failed if it was a value that could not be written
        if (error !== undefined) last.push({ ...error, type: "error" });
        last.push(ending);
      },
    };
    return concluded(script, "complete", onError);
  }

  return bodyOf(openValues("lineResponse", source), connect, beat);
}
