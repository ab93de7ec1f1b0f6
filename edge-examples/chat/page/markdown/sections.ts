import { create } from "../dom.ts";

/** How many blocks are a section. */
export const SECTION_LENGTH = 30;

/** How many sections are a chapter. */
const CHAPTER_LENGTH = 20;

/**
 * The blocks of an answer in sections, and these in chapters: what is out of sight costs a browser nothing, and what it walks
 * through is as short in a long answer as in a short one.
 */
export class Sections {
  readonly element: HTMLElement = create("div", "markdown");
  #chapter: HTMLElement = added(this.element, "chapter");
  #last: HTMLElement = added(this.#chapter, "section");

  /** The section that blocks are added to. */
  get last(): HTMLElement {
    return this.#last;
  }

  /** The last section is full: another one begins. */
  next(): void {
    close(this.#last);
    if (this.#chapter.childElementCount === CHAPTER_LENGTH) {
      close(this.#chapter);
      this.#chapter = added(this.element, "chapter");
    }
    this.#last = added(this.#chapter, "section");
  }
}

function added(parent: HTMLElement, className: string): HTMLElement {
  const element = create("div", className);
  parent.append(element);
  return element;
}

/** Nothing more comes into it: out of sight it has the height that it has now. */
function close(element: HTMLElement): void {
  element.style.containIntrinsicBlockSize = `auto ${element.offsetHeight}px`;
  element.classList.add("full");
}
