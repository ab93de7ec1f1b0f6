/**
 * The oracle of law 7: the event stream interpretation of the HTML standard, taken step by step over the whole decoded
 * string. Slow on purpose: one character at a time, nothing remembered between characters but what the standard names.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */

export interface LiteralEvent {
  event: string;
  data: string;
  id: string;
}

export interface LiteralStream {
  events: LiteralEvent[];
  /** What follows the colon of each comment, one leading space removed (the standard ignores comments). */
  comments: string[];
  /** Every reconnection time that was set. */
  retries: number[];
}

/** `discard` is the standard; `dispatch` reads on as if the last line and the last event had been ended. */
export type Tail = "discard" | "dispatch";

const LF = "\n";
const CR = "\r";
const COLON = ":";
const SPACE = " ";
const NUL = "\u0000";

export function literalSSE(text: string, tail: Tail = "discard"): LiteralStream {
  const stream: LiteralStream = { events: [], comments: [], retries: [] };

  // "When a stream is parsed, a data buffer, an event type buffer, and a last event ID buffer must be associated with it."
  let data = "";
  let eventType = "";
  let lastEventId = "";

  for (const line of endedLines(tail === "dispatch" ? text + LF + LF : text)) interpret(line);
  return stream; // "Once the end of the file is reached, any pending data must be discarded."

  function interpret(line: string): void {
    if (line === "") {
      dispatch();
    } else if (line.startsWith(COLON)) {
      stream.comments.push(withoutOneSpace(line.slice(1)));
    } else if (line.includes(COLON)) {
      const colon = line.indexOf(COLON);
      field(line.slice(0, colon), withoutOneSpace(line.slice(colon + 1)));
    } else {
      field(line, "");
    }
  }

  function field(name: string, value: string): void {
    switch (name) {
      case "event":
        eventType = value;
        break;
      case "data":
        data += value;
        data += LF;
        break;
      case "id":
        if (!value.includes(NUL)) lastEventId = value;
        break;
      case "retry":
        if (isAllDigits(value)) stream.retries.push(Number.parseInt(value, 10));
        break;
      default: // "The field is ignored."
    }
  }

  function dispatch(): void {
    if (data === "") {
      eventType = "";
      return;
    }
    if (data.endsWith(LF)) data = data.slice(0, -1);
    stream.events.push({ event: eventType === "" ? "message" : eventType, data, id: lastEventId });
    data = "";
    eventType = "";
  }
}

/** The lines that a CRLF pair, an LF or a CR ends; what comes after the last end is no line. */
function endedLines(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === CR && text.charAt(at + 1) === LF) {
      lines.push(line);
      line = "";
      at += 2;
    } else if (character === CR || character === LF) {
      lines.push(line);
      line = "";
      at += 1;
    } else {
      line += character;
      at += 1;
    }
  }
  return lines;
}

function withoutOneSpace(value: string): string {
  return value.startsWith(SPACE) ? value.slice(1) : value;
}

function isAllDigits(value: string): boolean {
  if (value === "") return false;
  for (const character of value) if (character < "0" || character > "9") return false;
  return true;
}
