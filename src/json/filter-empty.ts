import { kindOf, SluiceError } from "../errors.js";
import { check, checkChoice } from "../options.js";
import type { ServerSentEvent } from "../sse/event.js";
import { type Stage, stage } from "../stage.js";
import { textOf } from "./text-of.js";

/** Options of `filterEmpty`. */
export interface FilterEmptyOptions {
  /** The texts that say that the stream is whole; `["[DONE]"]` unless told otherwise. White space around them doesn't count. */
  sentinels?: readonly string[];
  /** Whether an end without a sentinel is an error. */
  requireSentinel?: boolean;
  /** `"keep"` passes frames of JSON white space on: a value can be cut around them. */
  whitespace?: "drop" | "keep";
}

const SOMETHING = /[^\s\p{Cc}]/u;
const JSON_WHITESPACE = /^[ \t\n\r]+$/;

/**
 * Drops the frames that hold nothing to parse: empty ones, white space, control characters alone, and sentinels.
 *
 * A JSON string that is cut over two frames exactly around white space or control characters loses them here;
 * `whitespace: "keep"` keeps the white space.
 *
 * @throws SluiceError "truncated" with `requireSentinel`, when the stream ends and there was no sentinel
 * @throws TypeError when a frame is neither a string nor an event
 *
 * @example
 * ```ts
 * import { filterEmpty, flow } from "sluice";
 *
 * for await (const frame of flow(["", '{"a":1}', " \n", "\u0000", "[DONE]"], filterEmpty())) console.log(frame); // → {"a":1}
 * ```
 */
export function filterEmpty<F extends string | ServerSentEvent>({
  sentinels = ["[DONE]"],
  requireSentinel = false,
  whitespace = "drop",
}: FilterEmptyOptions = {}): Stage<F, F> {
  const areTexts = Array.isArray(sentinels) && sentinels.every((sentinel) => typeof sentinel === "string");
  check("sentinels", sentinels, areTexts, "an array of strings");
  checkChoice("requireSentinel", requireSentinel, [true, false]);
  if (requireSentinel) check("sentinels", sentinels, sentinels.length > 0, "given with requireSentinel");
  checkChoice("whitespace", whitespace, ["drop", "keep"]);
  const ends = sentinels.map((sentinel) => sentinel.trim());

  return stage((out) => {
    let offset = 0;
    let isWhole = !requireSentinel;

    return {
      push(frame) {
        const text = textOf("filterEmpty", frame);
        offset += text.length;
        if (ends.includes(text.trim())) isWhole = true;
        else if (SOMETHING.test(text) || (whitespace === "keep" && JSON_WHITESPACE.test(text))) out.push(frame);
      },
      end() {
        if (!isWhole) {
          const message = `The stream ended at offset ${offset} without ${sentinels.map(kindOf).join(" or ")}`;
          throw new SluiceError("truncated", message, { raw: "", offset });
        }
        out.end();
      },
    };
  });
}
