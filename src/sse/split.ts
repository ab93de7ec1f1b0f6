import { excerpt, SluiceError } from "../errors.js";
import { checkChoice, checkFunction, checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Sink, type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import { PendingText } from "../text/pending.js";
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

const COLON = 0x3a;
const SPACE = 0x20;
const NOWHERE = -1;

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
  const { maxEventLength, tail, onComment, onRetry, onOther } = options;
  if (maxEventLength !== undefined) checkLimit("maxEventLength", maxEventLength);
  if (tail !== undefined) checkChoice("tail", tail, ["dispatch", "discard"]);
  if (onComment !== undefined) checkFunction("onComment", onComment);
  if (onRetry !== undefined) checkFunction("onRetry", onRetry);
  if (onOther !== undefined) checkFunction("onOther", onOther);
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
    const line = new PendingText();
    let data: string | undefined; // undefined as long as the event has no data line
    let event = "";
    let id = "";
    let offset = 0; // of the chunk
    let began = NOWHERE; // the offset at which the event in progress began
    let isAfterCR = false; // the chunk before ended in a CR, whose LF may follow

    /** Reads the field that stands in `text` from `start` to `end`. */
    function readField(text: string, start: number, end: number): void {
      let colon = start;
      while (colon < end && text.charCodeAt(colon) !== COLON) colon++;
      const value = text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end);
      switch (text.slice(start, colon)) {
        case "data":
          data = data === undefined ? value : `${data}\n${value}`;
          break;
        case "event":
          event = value;
          break;
        case "id":
          if (!value.includes("\0")) id = value;
          break;
        case "retry":
          if (/^[0-9]+$/.test(value)) onRetry?.(Number(value));
          break;
        case "":
          if (colon < end) onComment?.(value);
          break;
        default:
          onOther?.(text.slice(start, end));
      }
    }

    function dispatch(): void {
      if (data !== undefined) out.push({ event: event === "" ? "message" : event, data, id });
      data = undefined;
      event = "";
      began = NOWHERE;
    }

    /** Ends the line in progress, whose last part stands in `text` from `start` to `end`. */
    function endLine(text: string, start: number, end: number): void {
      if (line.length === 0 && start === end) return dispatch();
      checkLength(text, start, end);
      if (began === NOWHERE) began = offset + start - line.length;
      if (line.length === 0) return readField(text, start, end);
      const whole = line.take(text.slice(start, end));
      readField(whole, 0, whole.length);
    }

    /** Checks the limit with the line in progress up to `end`, so that the same character is the first too many for every cut. */
    function checkLength(text: string, start: number, end: number): void {
      const dataLength = data?.length ?? 0;
      if (dataLength + line.length + end - start <= maxEventLength) return;
      const at = began === NOWHERE ? offset + start - line.length : began;
      const part = line.take(text.slice(start, end)).slice(0, maxEventLength - dataLength + 1);
      const raw = data === undefined ? part : `${data}\n${part}`;
      const message = `The event at offset ${at} is longer than maxEventLength (${maxEventLength}): ${excerpt(raw)}`;
      throw new SluiceError("too-long", message, { raw, offset: at });
    }

    return {
      push(text) {
        checkText("splitSSE", text);
        if (text === "") return;
        let start = isAfterCR && text.startsWith("\n") ? 1 : 0;
        let lf = text.indexOf("\n", start);
        let cr = text.indexOf("\r", start);
        while (lf !== -1 || cr !== -1) {
          const isCR = lf === -1 || (cr !== -1 && cr < lf);
          const end = isCR ? cr : lf;
          endLine(text, start, end);
          start = isCR && lf === end + 1 ? end + 2 : end + 1;
          // Each is searched again only once it is passed: linear however the two are mixed.
          if (lf !== -1 && lf < start) lf = text.indexOf("\n", start);
          if (isCR) cr = text.indexOf("\r", start);
        }
        isAfterCR = text.endsWith("\r");
        checkLength(text, start, text.length);
        line.add(text.slice(start));
        offset += text.length;
      },
      end() {
        if (tail === "dispatch") {
          if (line.length > 0) endLine("", 0, 0);
          dispatch();
        }
        out.end();
      },
    };
  };
}
