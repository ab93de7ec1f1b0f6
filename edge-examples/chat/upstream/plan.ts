import type { Fault } from "../faults.ts";
import { cutter } from "./cut.ts";
import { dresser } from "./dress.ts";
import type { Frame } from "./frames.ts";

/** What the upstream does next. */
export type Step =
  | { kind: "chunk"; bytes: Uint8Array<ArrayBuffer> } // write these bytes, as a chunk of their own
  | { kind: "beat" } // wait as long as a model takes for a token
  | { kind: "stall" } // say nothing for long
  | { kind: "drop" }; // break the connection; without this step it ends cleanly

/** Where in the answer an accident happens, as a part of its frames. The malformed event comes first, so that both can be seen. */
const MALFORMED_AT = 0.35;
const BREAKS_AT = 0.6;

/**
 * Plans a streamed answer, faults and all, without any network or clock: the server only plays it, and a test can read it.
 *
 * @param frames the frames of the answer
 * @param faults how to misbehave
 * @param seed decides where "cut-anywhere" cuts
 */
export function plan(frames: readonly Frame[], faults: readonly Fault[], seed: number): Step[] {
  const has = (fault: Fault): boolean => faults.includes(fault);
  const dress = dresser(faults);
  const cut = cutter(faults, seed);
  const malformedAt = has("malformed") ? Math.floor(frames.length * MALFORMED_AT) : -1;
  const breaksAt = Math.floor(frames.length * BREAKS_AT);
  const steps: Step[] = [];
  const send = (bytes: Uint8Array<ArrayBuffer>[]): void => {
    for (const chunk of bytes) steps.push({ kind: "chunk", bytes: chunk });
  };

  for (const [index, frame] of frames.entries()) {
    if (index > 0) steps.push({ kind: "beat" });
    if (index === breaksAt) {
      if (has("error")) {
        send([...cut.push(dress.event(ERROR)), ...cut.end()]);
        return steps;
      }
      if (has("early-end")) {
        send(cut.end());
        return steps;
      }
      if (has("cut")) {
        const event = Array.from(dress.event(frame.json)); // half a surrogate pair cannot be written in UTF-8
        send([...cut.push(event.slice(0, Math.ceil(event.length * 0.6)).join("")), ...cut.end()]);
        steps.push({ kind: "drop" });
        return steps;
      }
      if (has("stall")) steps.push({ kind: "stall" });
    }
    send(cut.push(dress.event(index === malformedAt ? malformed(frame) : frame.json)));
  }
  send([...cut.push(dress.sentinel()), ...cut.end()]);
  return steps;
}

/** What a provider says when it fails in mid-stream, after HTTP 200 is long out. */
const ERROR = JSON.stringify({
  error: { message: "The demo upstream was asked to fail here", type: "server_error", code: "demo_failure" },
});

/** A frame into which something on the way has written, as proxies do; the text it carried is lost. */
function malformed({ json }: Frame): string {
  return json.replace(/"delta":\{.*?\}/, '"delta":{"content":<html>502 Bad Gateway</html>}');
}
