import { Marked } from "marked";

/** Markdown as models write it. Whatever it makes is sanitised behind it. */
export const marked = new Marked({
  gfm: true,
  renderer: {
    // Its headings stand under the page's own.
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    // Its HTML is shown as it was written, all but line breaks, which tables cannot have otherwise.
    html: ({ text }) => (/^<br\s*\/?>$/i.test(text) ? "<br>" : escapeHTML(text)),
    // What the model writes loads nothing by itself: an image is a link to it, which says where it leads.
    image: ({ href, text }) => `<a class="image" href="${escapeHTML(href)}">${escapeHTML(imageName(href, text))}</a>`,
    // Behind `<code>` and the like marked takes text for HTML, and would leave it as it is.
    text(token) {
      if ("escaped" in token) token.escaped = false;
      return false; // and then as always
    },
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

function imageName(href: string, text: string): string {
  const host = URL.canParse(href) ? new URL(href).host : "";
  return `Image: ${text || "without a name"}${host === "" ? "" : ` (${host})`}`;
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
