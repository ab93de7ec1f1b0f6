import DOMPurify from "dompurify";
import type { Token } from "marked";
import { create } from "../dom.ts";
import { CodeView } from "./code.ts";
import { marked } from "./marked.ts";

/**
 * What Markdown can make, and little more: of it a `div` only the one that is put around each part here. No ids, names or styles:
 * the page's own are not to be touched.
 */
const SANITIZE = {
  ALLOWED_TAGS:
    "a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split(" "),
  ALLOWED_ATTR: ["align", "class", "href", "start", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  RETURN_DOM_FRAGMENT: true as const,
};
DOMPurify.setConfig(SANITIZE); // once: one that comes with a call is taken apart at each

/** The level of the page's own heading over an answer. */
export const ANSWER_LEVEL = 2;

/**
 * Blocks as nodes that can run nothing and load nothing, a fragment for each part. What cannot be rendered is shown as it was
 * written. Many parts at once cost little more than one: the sanitiser makes a document for each call.
 *
 * @param level that of the heading before them
 */
export function rendered(parts: readonly Token[][], level: number): DocumentFragment[] {
  try {
    const html = parts.map((blocks) => `<div>${marked.parser(blocks)}</div>`).join("");
    const all = DOMPurify.sanitize(html, SANITIZE); // which is the type, beside what was set
    if (all.childNodes.length !== parts.length) throw new Error("What was written has left its part");
    orderHeadings(all, level);
    finish(all);
    return [...all.children].map(unwrapped);
  } catch {
    return parts.length === 1 ? parts.map(asWritten) : oneByOne(parts, level);
  }
}

function oneByOne(parts: readonly Token[][], level: number): DocumentFragment[] {
  let before = level;
  return parts.flatMap((part) => {
    const fragments = rendered([part], before);
    for (const fragment of fragments) before = lastLevel(fragment) ?? before;
    return fragments;
  });
}

function unwrapped({ childNodes }: Element): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...childNodes);
  return fragment;
}

function asWritten(blocks: readonly Token[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(create("p", "as-written", blocks.map(({ raw }) => raw).join("")));
  return fragment;
}

/** The level of the last heading among nodes, if there is one. */
export function lastLevel(nodes: ParentNode): number | undefined {
  const last = [...nodes.querySelectorAll(HEADINGS)].at(-1);
  return last === undefined ? undefined : Number(last.nodeName.slice(1));
}

const HEADINGS = "h1, h2, h3, h4, h5, h6";

/** No heading is more than one level below the one before it: models begin at any, and readers walk through them. */
function orderHeadings(fragment: DocumentFragment, level: number): void {
  let before = level;
  for (const heading of fragment.querySelectorAll(HEADINGS)) {
    const wanted = Math.min(Number(heading.nodeName.slice(1)), before + 1);
    before = wanted;
    if (heading.nodeName === `H${wanted}`) continue;
    const instead = document.createElement(`h${wanted}`);
    instead.append(...heading.childNodes);
    heading.replaceWith(instead);
  }
}

function finish(fragment: DocumentFragment): void {
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    if (link.hasAttribute("href")) link.title = link.href; // a link's text may name another address
  }
  for (const text of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, blockquote, td, th")) {
    text.setAttribute("dir", "auto"); // each in its own direction
  }
  for (const table of fragment.querySelectorAll("table")) {
    const columns = table.rows[0]?.cells.length ?? 0;
    const frame = create("div", columns > 2 ? "table-frame wide" : "table-frame");
    frame.tabIndex = 0; // what scrolls must be within reach of the keyboard
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const code of fragment.querySelectorAll("pre > code")) {
    const view = new CodeView(/language-(\S+)/.exec(code.className)?.[1]);
    view.append(code.textContent);
    code.parentElement?.replaceWith(view.element);
  }
}
