import type { ServerSentEvent } from "../../sse/event.js";
import { eventSplitter } from "../../sse/split.js";
import type { Sink } from "../../stage.js";
import type { Frames, Framing } from "./framing.js";
import { valuesOf } from "./json.js";
import { textOf } from "./text.js";

/** A line as the standard ignores it: a field it does not know. */
const FIELD = /^[\w-]+(:|$)/;

/** Events whose data is JSON. Outside of events, errors are found where servers put them: a field `error:`, bare JSON. */
export const sse: Framing = /* @__PURE__ */ framing("sse", (out, maxLength) => {
  const values = valuesOf(out, maxLength);
  return {
    push({ event, data }) {
      if (event === "error") return fail(out, data); // never a part of a value that has begun
      if (data.trim() !== "[DONE]") return values.push(data, event);
      values.end(); // what is incomplete will not become whole
      out.sentinel();
    },
    end: values.end,
  };
});

/** Events whose data is text, as it is: their values are strings. For dialects of your own. */
export const sseText: Framing = /* @__PURE__ */ framing("sse-text", (out) => ({
  push: ({ event, data }) => (event === "error" ? fail(out, data) : out.push(data, event, data)),
  end: () => undefined,
}));

function framing(name: string, connect: (out: Frames, maxLength: number) => Sink<ServerSentEvent>): Framing {
  return {
    name,
    type: /event-stream/i,
    // A page begins with "<"; JSON where events were to be expected is read for the errors in it.
    begins: (byte, isAnnounced) => byte > 0x20 && byte !== 0x3c && (isAnnounced || (byte !== 0x7b && byte !== 0x5b)),
    connect(out, maxLength) {
      const events = connect(out, maxLength);
      const bare = valuesOf(out, maxLength);
      let isBare = false; // a line of JSON has come, and no event since
      let isEnding = false;

      function onOther(line: string): void {
        if (line.startsWith("error:")) return fail(out, line.slice("error:".length).trim());
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

      const text = eventSplitter({ maxEventLength: maxLength, onOther })({
        push(event) {
          isBare = false;
          events.push(event);
        },
        end() {
          bare.end();
          events.end();
        },
      });
      return textOf({
        push: text.push,
        end() {
          isEnding = true;
          text.end();
        },
      });
    },
  };
}

/** The provider's own words for an error, JSON or not. */
function fail(out: Frames, raw: string): void {
  let cause: unknown;
  try {
    cause = JSON.parse(raw);
  } catch {
    // text
  }
  out.fail({ message: raw, raw, cause });
}
