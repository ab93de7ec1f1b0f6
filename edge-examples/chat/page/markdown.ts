import DOMPurify from "dompurify";
import { Marked, type Token } from "marked";
import remend from "remend";
import { create } from "./dom.ts";

const marked = new Marked({
  gfm: true,
  renderer: {
    // Its headings stand under the page's own.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    // Its HTML is shown as it was written, all but line breaks, which tables cannot have otherwise.
    html: ({ text }) => (/^<br\s*\/?>$/i.test(text) ? "<br>" : escapeHTML(text)),
    // What the model writes loads nothing by itself: an image is a link to it.
    image: ({ href, text }) => `<a href="${escapeHTML(href)}">${escapeHTML(text || "image")} (image)</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

/** What Markdown can make, and little more. No ids, names or styles: the page's own are not to be touched. */
const SANITIZE = {
  ALLOWED_TAGS:
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split(" "),
  ALLOWED_ATTR: ["align", "class", "href", "start", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  RETURN_DOM_FRAGMENT: true as const,
};

/**
 * Markdown that grows: what is certain to stay as it is, is rendered once and then left alone; only the last block is rendered
 * again with each piece of text, its open ends repaired for the moment.
 */
export class MarkdownView {
  readonly element: HTMLElement = create("div", "markdown");
  #text = "";
  /** The text from the first block on that may still change. */
  #open = "";
  #openNodes: Node[] = [];

  append(text: string): void {
    this.#text += text;
    this.#open = withLF(this.#open + text);
  }

  /** Shows what has been appended. */
  render(): void {
    const blocks = marked.lexer(this.#open);
    const settled = settledLength(blocks, this.#open);
    const [closed, open] = [blocks.slice(0, settled), blocks.slice(settled)];
    this.#clearOpen();
    this.element.append(rendered(closed));
    this.#open = open.map(({ raw }) => raw).join("");
    const fragment = rendered(marked.lexer(remend(this.#open)));
    this.#openNodes = [...fragment.childNodes];
    this.element.append(fragment);
  }

  /** Shows all of it; what is whole needs no repairs, and what was cut off keeps them. */
  finish({ isWhole }: { isWhole: boolean }): void {
    if (!isWhole) return this.render();
    const blocks = marked.lexer(withLF(this.#text));
    // A link's address may have come long after the link: then nothing was certain to stay as it was.
    if (Object.keys(blocks.links).length > 0) return this.element.replaceChildren(rendered(blocks));
    this.#clearOpen();
    this.element.append(rendered(marked.lexer(this.#open)));
  }

  #clearOpen(): void {
    for (const node of this.#openNodes) node.parentNode?.removeChild(node);
    this.#openNodes = [];
  }
}

/**
 * How many blocks no later text can change: those before the last one whose first line is whole. Until then "2" after a list
 * may become "2.", and so a part of it.
 */
function settledLength(blocks: readonly Token[], text: string): number {
  let end = text.length;
  for (let index = blocks.length - 1; index > 0; index--) {
    const block = blocks[index];
    if (block === undefined) break;
    end -= block.raw.length;
    if (block.type !== "space" && text.slice(end).trimStart().includes("\n")) return index;
  }
  return 0;
}

function rendered(blocks: Token[]): DocumentFragment {
  const fragment = DOMPurify.sanitize(marked.parser(blocks), SANITIZE);
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
  }
  for (const text of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, blockquote, td, th")) {
    text.setAttribute("dir", "auto"); // each in its own direction
  }
  for (const table of fragment.querySelectorAll("table")) frame(table, "table-frame").tabIndex = 0;
  for (const code of fragment.querySelectorAll("pre > code")) {
    const block = code.parentElement;
    if (block === null) continue;
    block.tabIndex = 0;
    frame(block, "code-frame").prepend(codeHead(code));
  }
  return fragment;
}

/** Puts an element that may be wider than the page into a frame. What scrolls in it must be within reach of the keyboard. */
function frame(inner: Element, className: string): HTMLElement {
  const outer = create("div", className);
  inner.replaceWith(outer);
  outer.append(inner);
  return outer;
}

function codeHead(code: Element): HTMLElement {
  const head = create("div", "code-head");
  const language = /^language-(\S+)/.exec(code.className)?.[1] ?? "text";
  const copy = create("button", "copy", "Copy");
  copy.type = "button";
  copy.dataset["action"] = "copy";
  head.append(create("span", "", language), copy);
  return head;
}

function withLF(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
