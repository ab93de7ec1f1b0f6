import { kindOf } from "../errors.js";
import { check } from "../options.js";
import { type Stage, stage } from "../stage.js";
import type { ServerSentEvent } from "./event.js";

/** Options of `encodeSSE`. */
export interface EncodeSSEOptions {
  /** Milliseconds after which a client that lost the connection comes back: written once, in front of the first event. */
  retry?: number;
  /** Data of a last event, written when the stream ends well, such as `"[DONE]"`. */
  sentinel?: string;
}

/**
 * Writes events as the bytes of an event stream; a string is an event with that data. What it writes, `splitSSE` reads
 * back, except that a CR or CRLF in data becomes LF, the format having no other. `id` is written when it changes.
 * Lone surrogates become U+FFFD, as UTF-8 has none.
 *
 * @throws TypeError for a CR or LF in `event` or `id`, which would forge fields, and for a NUL in `id`, which readers ignore
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 *
 * @example
 * ```ts
 * import { encodeSSE, flow } from "sluice";
 *
 * const events = flow(["one\ntwo", { event: "bye", data: "" }], encodeSSE({ sentinel: "[DONE]" }));
 * console.log(JSON.stringify(await new Response(events.readable).text()));
 * // → "data: one\ndata: two\n\nevent: bye\ndata: \n\ndata: [DONE]\n\n"
 * ```
 */
export function encodeSSE({
  retry,
  sentinel,
}: EncodeSSEOptions = {}): Stage<Partial<ServerSentEvent> | string, Uint8Array<ArrayBuffer>> {
  if (retry !== undefined) {
    check("retry", retry, Number.isSafeInteger(retry) && retry >= 0, "a whole number of milliseconds");
  }
  if (sentinel !== undefined) check("sentinel", sentinel, typeof sentinel === "string", "a string");
  return stage((out) => {
    const encoder = new TextEncoder();
    let head = retry === undefined ? "" : `retry: ${retry}\n`;
    let lastId = "";

    function write(item: Partial<ServerSentEvent> | string): void {
      const { event = "", data, id = lastId } = checkEvent(typeof item === "string" ? { data: item } : item);
      let text = head;
      head = "";
      if (event !== "" && event !== "message") text += `event: ${event}\n`;
      if (id !== lastId) text += `id: ${id}\n`;
      lastId = id;
      // An event with a name alone has empty data; one with an id alone only sets the id.
      if (data !== undefined || event !== "") text += `data: ${(data ?? "").replace(/\r\n?|\n/g, "\ndata: ")}\n`;
      out.push(encoder.encode(`${text}\n`));
    }

    return {
      push: write,
      end() {
        if (sentinel !== undefined) write(sentinel);
        out.end();
      },
    };
  });
}

function checkEvent(item: Partial<ServerSentEvent>): Partial<ServerSentEvent> {
  if (
    typeof item !== "object" ||
    item === null ||
    ![item.event, item.data, item.id].some((field) => field !== undefined)
  ) {
    throw new TypeError(`encodeSSE takes strings or events ({ event, data, id }); got ${kindOf(item)}`);
  }
  for (const field of ["event", "data", "id"] as const) {
    const value = item[field];
    if (value !== undefined) check(`An event's ${field}`, value, typeof value === "string", "a string");
  }
  refuse("event", item.event, /[\r\n]/);
  refuse("id", item.id, /[\r\n\0]/);
  return item;
}

function refuse(field: string, value: string | undefined, forbidden: RegExp): void {
  if (value !== undefined && forbidden.test(value)) {
    throw new TypeError(
      `An event's ${field} cannot hold a line end${field === "id" ? " or NUL" : ""}: ${JSON.stringify(value)}`,
    );
  }
}
