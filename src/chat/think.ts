import type { Sink } from "../stage.js";
import type { TextDelta } from "./delta.js";

const OPEN = "<think>";
const CLOSE = "</think>";
/** What may turn out to be the closing tag. */
const CLOSE_BEGUN = /<(\/(t(h(i(nk?)?)?)?)?)?$/;

/**
 * Takes an inline `<think>…</think>` at the beginning of an answer for the reasoning that it is. The tags may be cut
 * anywhere; later ones are text, as an answer may speak of them.
 */
export function inlineThink(say: (text: string, type: TextDelta["type"]) => void): Sink<string> {
  let place: "before" | "inside" | "behind" | "after" = "before";
  let held = ""; // may turn out to be a tag, or white space around one

  function give(length: number, type: TextDelta["type"]): void {
    if (length > 0) say(held.slice(0, length), type);
    held = held.slice(length);
  }

  return {
    push(text) {
      held += text;
      if (place === "before") {
        if (text.trim() === "") return; // it decides nothing, and looking through it each time would be quadratic
        const start = held.trimStart();
        if (start.startsWith(OPEN)) {
          place = "inside";
          held = start.slice(OPEN.length);
        } else if (OPEN.startsWith(start)) return;
        else place = "after";
      }
      if (place === "inside") {
        const end = held.indexOf(CLOSE);
        if (end === -1) return give(CLOSE_BEGUN.exec(held)?.index ?? held.length, "reasoning");
        give(end, "reasoning");
        held = held.slice(CLOSE.length);
        place = "behind";
      }
      if (place === "behind") {
        held = held.trimStart(); // the white space between the reasoning and the answer
        if (held !== "") place = "after";
      }
      if (place === "after") give(held.length, "text");
    },
    end: () => give(held.length, place === "inside" ? "reasoning" : "text"),
  };
}
