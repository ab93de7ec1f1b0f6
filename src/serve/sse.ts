import { kindOf } from "../errors.js";
import { checkFunction } from "../options.js";
import { encodeSSE } from "../sse/encode.js";
import type { ServerSentEvent } from "../sse/event.js";
import { bodyOf, type Writer } from "./body.js";
import { checkOnError, concluded, type ErrorOptions, type Script } from "./ending.js";
import { comments, type HeartbeatOptions } from "./heartbeat.js";
import { EVENT_STREAM, type ResponseOptions, streamed } from "./response.js";
import { openValues, type Values } from "./source.js";

/** Options of `sseStream`. */
export interface SSEStreamOptions<T> extends HeartbeatOptions, ErrorOptions {
  /**
   * The event of a value, of which this is the `index`-th from 0, or undefined for none; its JSON as data unless told
   * otherwise. The deltas that say how an answer ended are not asked for.
   */
  toEvent?: (value: T, index: number) => Partial<ServerSentEvent> | string | undefined;
  /** Data of the last event of a stream that was whole, instead of the event `end`; one that was not then has none. */
  sentinel?: string;
  /** Milliseconds after which a browser's EventSource comes back when it has lost the connection. */
  retry?: number;
}

/** Options of `sseResponse`. */
export interface SSEResponseOptions<T> extends SSEStreamOptions<T>, ResponseOptions {}

/**
 * Sends values, or the deltas of an answer, as an event stream. Behind them comes how the stream ended:
 *
 * - whole: `event: end` with `{"type":"end","outcome":"complete"}`, or the `sentinel`
 * - not whole, because the source failed, a value could not be written, or an answer's outcome says so: `event: error` with
 *   `{"message":…,"type":"error"}`, then `event: end` with the outcome. What was thrown, and the text of a provider's error,
 *   is not sent.
 *
 * A chunk holds all events that the source had ready. While it has none, a comment goes out every `heartbeat` milliseconds,
 * which is also how some servers (workerd) notice that the client has left; the source is then cancelled, once.
 *
 * @param source a Flow, an Answer, a stream or an iterable; it is claimed at once, and read when the response is
 * @throws TypeError when `source` is none of these, or locked or used, or an option is not what it should be
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * @example
 * ```ts
 * import { sseResponse } from "sluice/serve";
 *
 * const response = sseResponse(["a\nb", { n: 1 }]);
 * console.log((await response.text()).trimEnd());
 * // → data: "a\nb"
 * // →
 * // → data: {"n":1}
 * // →
 * // → event: end
 * // → data: {"type":"end","outcome":"complete"}
 * ```
 */
export function sseResponse<T>(source: Values<T>, options: SSEResponseOptions<T> = {}): Response {
  return streamed(() => sseStream(source, options), EVENT_STREAM, options);
}

/**
 * The body of `sseResponse`, for a response of your own.
 * @throws TypeError as `sseResponse`
 */
export function sseStream<T>(
  source: Values<T>,
  { heartbeat, toEvent = asJSON, sentinel, retry, onError }: SSEStreamOptions<T> = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  checkFunction("toEvent", toEvent);
  checkOnError(onError);
  const encoded = encodeSSE({ ...(retry !== undefined && { retry }), ...(sentinel !== undefined && { sentinel }) });
  const beat = comments(heartbeat);

  function connect(push: (bytes: Uint8Array) => void): Writer<T> {
    let isBegun = false; // `retry` stands in front of the first event
    const out = {
      push(bytes: Uint8Array): void {
        isBegun = true;
        push(bytes);
      },
      end: () => undefined,
    };
    const events = encoded.connect(out);
    let index = 0;
    const script: Script<T> = {
      push(value) {
        const event = toEvent(value, index++);
        if (event !== undefined) events.push(event);
      },
      end({ error, ...ending }) {
        if (ending.outcome === "complete" && sentinel !== undefined) return events.end();
        const last = (isBegun ? encodeSSE() : encoded).connect(out); // the other has failed if it was an event that could not be written
        if (error !== undefined) last.push({ event: "error", data: JSON.stringify({ ...error, type: "error" }) });
        if (sentinel === undefined) last.push({ event: "end", data: JSON.stringify(ending) });
      },
    };
    return concluded(script, "complete", onError);
  }

  return bodyOf(openValues("sseResponse", source), connect, beat);
}

function asJSON(value: unknown): string {
  const data: unknown = JSON.stringify(value);
  if (typeof data !== "string") throw new TypeError(`${kindOf(value)} cannot be written as JSON`);
  return data;
}
