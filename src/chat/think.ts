import type { TextDelta } from "./delta.js";

/** What reads reasoning that a model writes into its text; made anew for each choice, for `say` of either. */
export type Think = (say: (text: string, type: TextDelta["type"]) => void) => {
  push: (text: string) => void;
  /** Says what has been held back; text may still follow. */
  flush: () => void;
};

const OPEN = "<think>";
const CLOSE = "</think>";
/** What may turn out to be the closing tag. */
const CLOSE_BEGUN = /<(\/(t(h(i(nk?)?)?)?)?)?$/;

/**
 * Takes an inline `<think>…</think>` at the beginning of an answer for the reasoning that it is. The tags may be cut
 * anywhere; later ones are text, as an answer may speak of them. `chat` takes it as its option `think`.
 *
 * @example
 * ```ts
 * import { chat, inlineThink } from "sluice/chat";
 *
 * const body = '{"message":{"content":"<think>Why?</think>Why not."},"done":true}';
 * const { reasoning, text } = await chat(body, { think: inlineThink }).message();
 * console.log([reasoning, text]); // → ["Why?", "Why not."]
 * ```
 */
export const inlineThink: Think = (say) => {
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
    flush: () => give(held.length, place === "inside" ? "reasoning" : "text"),
  };
};
