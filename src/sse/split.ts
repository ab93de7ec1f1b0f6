import { tooLong } from "../errors.js";
import { checkChoice, checkFunction, checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Sink, type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import type { ServerSentEvent } from "./event.js";

/** Options of `splitSSE`. */
export interface SplitSSEOptions {
  /** The most characters (UTF-16 code units) an event's data and the line in progress may have; 32 Mi unless told otherwise. */
  maxEventLength?: number;
  /** What becomes of a last event, or line, that the end of the stream cut off; `"discard"` is the standard. */
  tail?: "dispatch" | "discard";
  /** Gets the text of each comment line, without the colon and one space after it. */
  onComment?: (comment: string) => void;
  /** Gets the milliseconds of each valid `retry` field. */
  onRetry?: (milliseconds: number) => void;
  /** Gets each line that the standard ignores because it knows no such field, whole: errors come that way. */
  onOther?: (line: string) => void;
}

/**
 * Splits the text of an event stream into events, by the WHATWG algorithm to the letter: lines end in CR, LF or CRLF, cut
 * anywhere; ids persist; one space after the colon is dropped; an event without a data line is none.
 *
 * One departure, because silence loses answers: `tail: "dispatch"`, the default, delivers a last event that the end of the
 * stream cut off, so that what is missing shows downstream. `"discard"` is the standard.
 *
 * @throws SluiceError "too-long" when an event passes `maxEventLength`, with the offset at which it began
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @example
 * ```ts
 * import { flow, splitSSE } from "sluice";
 *
 * const text = ": a comment\nevent: greeting\nid: 7\ndata: Hel", rest = "lo\ndata: you\n\n";
 * for await (const event of flow([text, rest], splitSSE())) console.log(event); // → { event: 'greeting', data: 'Hello\nyou', id: '7' }
 * ```
 */
export function splitSSE(options: SplitSSEOptions = {}): Stage<string, ServerSentEvent> {
  const { maxEventLength = DEFAULT_MAX_LENGTH, tail = "dispatch", onComment, onRetry, onOther } = options;
  checkLimit("maxEventLength", maxEventLength);
  checkChoice("tail", tail, ["dispatch", "discard"]);
  for (const [name, callback] of Object.entries({ onComment, onRetry, onOther })) {
    if (callback !== undefined) checkFunction(name, callback);
  }
  return stage(eventSplitter(options));
}

/** The heart of `splitSSE` without a face, for what is a heart itself. The options are not checked. */
export function eventSplitter({
  maxEventLength = DEFAULT_MAX_LENGTH,
  tail = "dispatch",
  onComment,
  onRetry,
  onOther,
}: SplitSSEOptions): (out: Sink<ServerSentEvent>) => Sink<string> {
  return (out) => {
    let line = ""; // what earlier chunks held of the line in progress
    let data: string | undefined; // the event's first data line; undefined as long as it has none
    let more: string[] = []; // and those behind it: a string that grows by a line at a time is a rope, and memory for each
    let length = 0; // of all of them, without their line ends
    let event = "";
    let id = "";
    let offset = 0; // of the chunk
    let began: number | undefined; // the offset of the event in progress
    let isAfterCR = false; // the chunk before ended in a CR, whose LF may follow

    /** Reads a whole line, which begins at the offset `at`. */
    function readLine(text: string, at: number): void {
      if (text === "") return dispatch();
      checkLength(text, at);
      began ??= at;
      const colon = text.indexOf(":");
      const value = colon === -1 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
      switch (colon === -1 ? text : text.slice(0, colon)) {
        case "data":
          if (data === undefined) data = value;
          else more.push(value);
          length += value.length;
          break;
        case "event":
          event = value;
          break;
        case "id":
          if (!value.includes("\0")) id = value;
          break;
        case "retry":
          if (/^\d+$/.test(value)) onRetry?.(Number(value));
          break;
        case "":
          onComment?.(value);
          break;
        default:
          onOther?.(text);
      }
    }

    function dispatch(): void {
      if (data !== undefined) out.push({ event: event || "message", data: joined(data), id });
      data = began = undefined;
      event = "";
      length = 0;
      more = [];
    }

    function joined(first: string): string {
      return more.length === 0 ? first : `${first}\n${more.join("\n")}`;
    }

    /** Checks the limit with the line in progress so far, so that the same character is the first too many for every cut. */
    function checkLength(text: string, at: number): void {
      const left = maxEventLength - length - more.length;
      if (text.length <= left) return;
      const part = text.slice(0, left + 1);
      const raw = data === undefined ? part : `${joined(data)}\n${part}`;
      throw tooLong("event", began ?? at, "maxEventLength", maxEventLength, raw);
    }

    return {
      push(text) {
        checkText("splitSSE", text);
        if (text === "") return;
        let start = isAfterCR && text.startsWith("\n") ? 1 : 0;

        function find(lineEnd: string): number {
          const at = text.indexOf(lineEnd, start);
          return at === -1 ? text.length : at;
        }

        let lf = find("\n");
        let cr = find("\r");
        for (let end = Math.min(lf, cr); end < text.length; end = Math.min(lf, cr)) {
          readLine(line + text.slice(start, end), offset + start - line.length);
          line = "";
          start = end === cr && text[end + 1] === "\n" ? end + 2 : end + 1;
          // Each is searched again only once it is passed: linear however the two are mixed.
          if (lf < start) lf = find("\n");
          if (cr < start) cr = find("\r");
        }
        isAfterCR = text.endsWith("\r");
        line += text.slice(start);
        offset += text.length;
        checkLength(line, offset - line.length);
      },
      end() {
        if (tail === "dispatch") {
          if (line !== "") readLine(line, offset - line.length);
          dispatch();
        }
        out.end();
      },
    };
  };
}
