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
export function* plan(frames: readonly Frame[], faults: readonly Fault[], seed: number): Generator<Step, void> {
  const has = (fault: Fault): boolean => faults.includes(fault);
  const dress = dresser(faults);
  const cut = cutter(faults, seed);
  const malformedAt = has("malformed") ? Math.floor(frames.length * MALFORMED_AT) : -1;
  const breaksAt = Math.floor(frames.length * BREAKS_AT);
  const reason = has("length") ? "length" : has("filter") ? "content_filter" : undefined;

  for (const [index, frame] of frames.entries()) {
    if (reason !== undefined && index >= breaksAt && frame.kind === "content") continue;
    if (index > 0) yield { kind: "beat" };
    if (index === breaksAt) {
      if (has("error")) {
        yield* chunks([...cut.push(dress.event(ERROR)), ...cut.end()]);
        return;
      }
      if (has("early-end")) {
        yield* chunks(cut.end());
        return;
      }
      if (has("cut")) {
        const event = Array.from(dress.event(frame.json)); // half a surrogate pair cannot be written in UTF-8
        yield* chunks([...cut.push(event.slice(0, Math.ceil(event.length * 0.6)).join("")), ...cut.end()]);
        yield { kind: "drop" };
        return;
      }
      if (has("stall")) {
        yield* chunks(cut.end()); // what is on the way arrives: it is the model that falls silent
        yield { kind: "stall" };
      }
    }
    yield* chunks(cut.push(dress.event(written(frame, { isMalformed: index === malformedAt, reason }))));
  }
  yield* chunks([...cut.push(dress.sentinel()), ...cut.end()]);
}

function* chunks(all: readonly Uint8Array<ArrayBuffer>[]): Generator<Step, void> {
  for (const bytes of all) yield { kind: "chunk", bytes };
}

/** What a provider says when it fails in mid-stream, after HTTP 200 is long out. */
const ERROR = JSON.stringify({
  error: { message: "The demo upstream was asked to fail here", type: "server_error", code: "demo_failure" },
});

/**
 * A frame's JSON. In a malformed one something on the way has written into it, as proxies do; the text it carried is lost.
 * With a reason the model stops for that one.
 */
function written(
  { json, kind }: Frame,
  { isMalformed, reason }: { isMalformed: boolean; reason: string | undefined },
): string {
  if (isMalformed) return json.replace(/"delta":\{.*?\}/, '"delta":{"content":<html>502 Bad Gateway</html>}');
  if (kind === "finish" && reason !== undefined)
    return json.replace(/"finish_reason":"\w+"/, `"finish_reason":"${reason}"`);
  return json;
}
