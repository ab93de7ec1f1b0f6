import { copyText } from "../clipboard.ts";
import { button, create } from "../dom.ts";
import { GrowingText } from "../growing-text.ts";
import { unmasked } from "../marks.ts";

/** A block of code, with what language it is said to be and a button that copies it; it may still grow. */
export class CodeView {
  readonly element: HTMLElement = create("div", "code-frame");
  readonly #text: GrowingText;

  constructor(language = "text") {
    const head = create("div", "code-head");
    const code = create("code");
    const block = create("pre");
    block.tabIndex = 0; // what scrolls must be within reach of the keyboard
    block.dir = "ltr";
    block.append(code);
    const copy = button("copy", "Copy", () => void copyText(code.textContent, copy));
    copy.setAttribute("aria-label", `Copy code, ${language}`);
    head.append(create("span", "", language), copy);
    this.element.append(head, block);
    this.#text = new GrowingText(code);
  }

  append(text: string): void {
    this.#text.append(unmasked(text, { isCode: true }));
  }
}
