import DOMPurify from "dompurify";
import type { Token } from "marked";
import { create } from "../dom.ts";
import { CodeView } from "./code.ts";
import { marked } from "./marked.ts";

/** What Markdown can make, and little more. No ids, names or styles: the page's own are not to be touched. */
const SANITIZE = {
  ALLOWED_TAGS:
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul".split(" "),
  ALLOWED_ATTR: ["align", "class", "href", "start", "title"],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  RETURN_DOM_FRAGMENT: true as const,
};

/** Blocks as nodes that can run nothing and load nothing. What cannot be rendered is shown as it was written. */
export function rendered(blocks: Token[]): DocumentFragment {
  try {
    return finished(DOMPurify.sanitize(marked.parser(blocks), SANITIZE));
  } catch {
    const fragment = document.createDocumentFragment();
    fragment.append(create("p", "as-written", blocks.map(({ raw }) => raw).join("")));
    return fragment;
  }
}

function finished(fragment: DocumentFragment): DocumentFragment {
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    if (link.hasAttribute("href")) link.title = link.href; // a link's text may name another address
  }
  for (const text of fragment.querySelectorAll("p, li, h1, h2, h3, h4, h5, h6, blockquote, td, th")) {
    text.setAttribute("dir", "auto"); // each in its own direction
  }
  for (const table of fragment.querySelectorAll("table")) {
    const frame = create("div", "table-frame");
    frame.tabIndex = 0; // what scrolls must be within reach of the keyboard
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const code of fragment.querySelectorAll("pre > code")) {
    const view = new CodeView(/language-(\S+)/.exec(code.className)?.[1]);
    view.append(code.textContent);
    code.parentElement?.replaceWith(view.element);
  }
  return fragment;
}
