import { eventSplitter } from "../../sse/split.js";
import { parsed } from "../values.js";
import type { Frames, Framing } from "./framing.js";
import { type Texts, valuesOf } from "./json.js";

/** A line as the standard ignores it: a field it does not know. */
const FIELD = /^[\w-]+(:|$)/;

/** Events whose data is JSON. Outside of events, errors are found where servers put them: a field `error:`, bare JSON. */
export const sse: Framing = /* @__PURE__ */ framing("sse", valuesOf);

/** Events whose data is text, as it is: their values are strings. For dialects of your own. */
export const sseText: Framing = /* @__PURE__ */ framing("sse-text", (out) => ({
  push: (data, event = "") => out.push(data, event, data),
  end: () => undefined,
}));

function framing(name: string, read: (out: Frames, maxLength: number) => Texts): Framing {
  return {
    name,
    type: /event-stream/i,
    // A page begins with "<"; JSON where events were to be expected is read for the errors in it.
    begins: (first, isAnnounced) => first > " " && !(isAnnounced ? "<" : "<{[").includes(first),
    connect(out, maxLength) {
      const events = read(out, maxLength);
      const bare = valuesOf({ ...out, sentinel: () => refuse("[DONE]", false) }, maxLength); // it proves nothing here
      let isBare = false; // a line of JSON has come, and no event since
      let isEnding = false;

      function onOther(line: string): void {
        if (line.startsWith("error:")) return fail(line.slice("error:".length).trim());
        if (isBare || /^[[{]/.test(line)) {
          isBare = true;
          return bare.push(`${line}\n`);
        }
        const isField = FIELD.test(line); // or the beginning of one, if this is the end
        if (!isField || isEnding) refuse(line, isField);
      }

      function refuse(raw: string, isCut: boolean): void {
        out.broken({ message: `A line that is no field of an event stream: ${raw.slice(0, 200)}`, raw }, isCut);
      }

      /** The provider's own words for an error, JSON or not. */
      function fail(raw: string): void {
        out.fail({ message: raw, raw, cause: parsed(raw) });
      }

      const lines = eventSplitter({ maxEventLength: maxLength, onOther })({
        push({ event, data }) {
          isBare = false;
          bare.end(); // a value that lines have begun is cut off
          if (event === "error")
            fail(data); // never a part of a value that has begun
          else events.push(data, event);
        },
        end() {
          bare.end();
          events.end();
        },
      });
      return {
        push: lines.push,
        end() {
          isEnding = true;
          lines.end();
        },
      };
    },
  };
}
