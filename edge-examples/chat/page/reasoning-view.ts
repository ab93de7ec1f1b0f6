import { create } from "./dom.ts";
import { GrowingText } from "./growing-text.ts";
import { unmasked } from "./marks.ts";

/** What the model thought, folded away; its line says whether it still does. */
export class ReasoningView {
  readonly element: HTMLDetailsElement = create("details", "reasoning");
  readonly #summary = create("summary");
  readonly #text: GrowingText;
  #waiting = "";

  constructor() {
    const text = create("div", "reasoning-text");
    text.dir = "auto";
    this.#text = new GrowingText(text);
    this.element.append(this.#summary, text);
    this.element.hidden = true;
  }

  append(text: string): void {
    this.#waiting += text;
  }

  /** Shows what has been appended. */
  render({ isThinking }: { isThinking: boolean }): void {
    if (this.#waiting !== "") {
      this.#text.append(unmasked(this.#waiting));
      this.#waiting = "";
      this.element.hidden = false;
    }
    const label = isThinking ? "Thinking…" : "Reasoning";
    if (this.#summary.textContent !== label) this.#summary.textContent = label;
    this.element.classList.toggle("busy", isThinking);
  }
}
