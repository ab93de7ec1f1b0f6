import type { ServerSentEvent } from "../../sse/event.js";
import { splitSSE } from "../../sse/split.js";
import type { Sink } from "../../stage.js";
import { decode } from "../../text/decode.js";
import { type Frames, type Framing, valuesOf } from "./framing.js";

const SENTINEL = "[DONE]";
/** A line as the standard ignores it: a field it does not know. */
const FIELD = /^[\w-]+(:|$)/;

/** Events whose data is JSON. Outside of events, errors are found where servers put them: a field `error:`, bare JSON. */
export const sse: Framing = framing("sse", (out, maxLength) => {
  let event = { event: "", data: "" };
  const data = valuesOf((value) => out.push(value, event.event, event.data), out.broken, maxLength);
  return {
    push(next) {
      event = next;
      if (next.event === "error") return out.fail(failure(next.data)); // never a part of a value that has begun
      if (next.data.length > 2 * SENTINEL.length || next.data.trim() !== SENTINEL) return data.push(next);
      data.end(); // what is incomplete will not become whole
      out.sentinel();
    },
    end() {
      data.end();
      out.end();
    },
  };
});

/** Events whose data is text, as it is: their values are strings. For dialects of your own. */
export const sseText: Framing = framing("sse-text", (out) => ({
  push: ({ event, data }) => (event === "error" ? out.fail(failure(data)) : out.push(data, event, data)),
  end: () => out.end(),
}));

function framing(name: string, connect: (out: Frames, maxLength: number) => Sink<ServerSentEvent>): Framing {
  return {
    name,
    type: /event-stream/i,
    // A page begins with "<"; JSON where events were to be expected is read for the errors in it.
    begins: (byte, isAnnounced) => byte > 0x20 && byte !== 0x3c && (isAnnounced || (byte !== 0x7b && byte !== 0x5b)),
    connect(out, maxLength) {
      let isEnding = false;
      const bare = valuesOf((value) => out.push(value, "", JSON.stringify(value)), out.broken, maxLength);
      let isBare = false; // a line of JSON has come, and no event since
      const events = connect(out, maxLength);

      function onOther(line: string): void {
        if (line.startsWith("error:")) return out.fail(failure(line.slice("error:".length).trim()));
        if (isBare || /^[[{]/.test(line)) {
          isBare = true;
          bare.push(`${line}\n`);
        } else {
          const isField = FIELD.test(line); // or the beginning of one, if this is the end
          if (isField && !isEnding) return;
          const message = `A line that is no field of an event stream: ${line.slice(0, 200)}`;
          out.broken({ message, raw: line }, isField);
        }
      }

      const text = splitSSE({ maxEventLength: maxLength, onOther }).connect({
        push(event) {
          isBare = false;
          events.push(event);
        },
        end() {
          bare.end();
          events.end();
        },
      });
      return decode().connect({
        push: text.push,
        end() {
          isEnding = true;
          text.end();
        },
      });
    },
  };
}

/** What stands in a field `error:`, JSON or not. */
function failure(raw: string): { message: string; raw: string; cause?: unknown } {
  try {
    return { message: raw, raw, cause: JSON.parse(raw) };
  } catch {
    return { message: raw, raw };
  }
}
