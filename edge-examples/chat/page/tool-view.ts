import { create } from "./dom.ts";
import { unmasked } from "./marks.ts";
import type { Call } from "./turn.ts";

/** More than this many characters of arguments are more than anybody reads here. */
const MAX_SHOWN = 20_000;

/** A call that the model wants made: its arguments while they grow, and its input when they are whole. */
export class ToolView {
  readonly element: HTMLElement = create("section", "call");
  readonly #name = create("code", "call-name");
  readonly #state = create("span", "call-state");
  readonly #input = create("pre", "call-input");

  constructor() {
    const head = create("p", "call-head");
    head.append(create("span", "call-label", "Tool call"), this.#name, this.#state);
    this.#input.tabIndex = 0; // what scrolls must be within reach of the keyboard
    this.element.append(head, this.#input);
  }

  /** @param isOver whether nothing more comes */
  show({ name, arguments: text, isWhole }: Call, isOver: boolean): void {
    this.element.setAttribute("aria-label", `Tool call: ${name}`);
    this.element.classList.toggle("broken", isOver && !isWhole);
    this.#name.textContent = unmasked(name, { isCode: true });
    this.#state.textContent = isWhole ? "input, whole" : isOver ? "arguments, cut off" : "arguments, growing";
    const shown = isWhole && text.length < MAX_SHOWN ? JSON.stringify(JSON.parse(text), null, 2) : text;
    const more = shown.length - MAX_SHOWN;
    const cut = more > 0 ? `${shown.slice(0, MAX_SHOWN)}\n… and ${more.toLocaleString("en")} characters more` : shown;
    this.#input.textContent = unmasked(cut, { isCode: true });
  }
}
