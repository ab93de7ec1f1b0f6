import type { TextDelta } from "./delta.js";

type Say = (text: string, type: TextDelta["type"]) => void;

const OPEN = "<think>";
const CLOSE = "</think>";

/**
 * Takes an inline `<think>…</think>` at the beginning of an answer for the reasoning that it is. The tags may be cut
 * anywhere; later ones are text, as an answer may speak of them.
 */
export class Think {
  readonly #say: Say;
  #state: "before" | "inside" | "behind" | "after" = "before";
  #held = ""; // may turn out to be a tag

  constructor(say: Say) {
    this.#say = say;
  }

  push(text: string): void {
    const all = this.#held + text;
    this.#held = "";
    switch (this.#state) {
      case "before":
        return this.#before(all);
      case "inside":
        return this.#inside(all);
      case "behind":
        return this.#behind(all);
      default:
        return this.#say(all, "text");
    }
  }

  /** Gives what has been held back. */
  end(): void {
    if (this.#held !== "") this.#say(this.#held, this.#state === "inside" ? "reasoning" : "text");
    this.#held = "";
  }

  #before(all: string): void {
    const start = all.trimStart();
    if (start.startsWith(OPEN)) {
      this.#state = "inside";
      this.#inside(start.slice(OPEN.length));
    } else if (OPEN.startsWith(start)) this.#held = all;
    else {
      this.#state = "after";
      this.#say(all, "text");
    }
  }

  #inside(all: string): void {
    const at = all.indexOf(CLOSE);
    if (at !== -1) {
      if (at > 0) this.#say(all.slice(0, at), "reasoning");
      this.#state = "behind";
      return this.#behind(all.slice(at + CLOSE.length));
    }
    const kept = all.length - tagBegun(all);
    if (kept > 0) this.#say(all.slice(0, kept), "reasoning");
    this.#held = all.slice(kept);
  }

  /** Drops the white space between the reasoning and the answer. */
  #behind(all: string): void {
    const text = all.trimStart();
    if (text === "") return;
    this.#state = "after";
    this.#say(text, "text");
  }
}

/** How many characters at the end of `text` can be the beginning of the closing tag. */
function tagBegun(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
