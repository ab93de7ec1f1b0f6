import type { Delta } from "../notes.ts";
import { create, keepingEnd, perFrame } from "./dom.ts";
import { MarkdownView } from "./markdown.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** The user's words, as they were written. */
export function questionElement(text: string): HTMLElement {
  const article = create("article", "turn question");
  article.append(create("h2", "visually-hidden", "You asked"), create("p", "", text));
  for (const paragraph of article.querySelectorAll("p")) paragraph.dir = "auto";
  return article;
}

/** One answer as it grows, and at its end the verdict. */
export class AnswerView {
  readonly element: HTMLElement = create("article", "turn answer");
  /** All of the text so far. */
  text = "";
  verdict: Verdict | undefined;
  readonly #markdown = new MarkdownView();
  readonly #reasoning = create("p", "");
  readonly #reasoningFold = create("details", "reasoning");
  readonly #errors: Extract<Delta, { type: "error" }>[] = [];
  readonly #frame: ReturnType<typeof perFrame>;
  readonly #began = performance.now();
  #finish: string | undefined;
  #deltas = 0;

  readonly #scroller: Element;

  /** @param scroller stays at its end while the answer grows, if it is there */
  constructor(scroller: Element) {
    this.#scroller = scroller;
    this.#frame = perFrame(() => keepingEnd(scroller, () => this.#markdown.render()));
    this.#reasoningFold.append(create("summary", "", "Reasoning"), this.#reasoning);
    this.#reasoningFold.hidden = true;
    this.element.append(create("h2", "visually-hidden", "Answer"), this.#reasoningFold, this.#markdown.element);
    this.element.setAttribute("aria-busy", "true");
  }

  /** Takes the next delta; the last one, `end`, brings the verdict. */
  take(delta: Delta): void {
    switch (delta.type) {
      case "text":
        this.text += delta.text;
        this.#deltas += 1;
        this.#markdown.append(delta.text);
        return this.#frame.request();
      case "reasoning":
        this.#reasoning.append(delta.text);
        this.#reasoningFold.hidden = false;
        return;
      case "finish":
        this.#finish = delta.reason;
        return;
      case "error":
        this.#errors.push(delta);
        return;
      case "end":
        return this.#end(verdictOf(delta, this.#errors, this.#finish));
    }
  }

  #end(verdict: Verdict): void {
    this.verdict = verdict;
    this.#frame.flush();
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1);
    const line = create("p", `verdict ${verdict.outcome}`);
    line.append(create("strong", "", `${verdict.name}:`), ` ${verdict.reason} `);
    if (this.#deltas > 0) line.append(create("span", "measure", `${this.#deltas} deltas in ${seconds} s`));
    keepingEnd(this.#scroller, () => {
      this.#markdown.finish({ isWhole: verdict.outcome === "complete" });
      this.element.append(line);
    });
    this.element.removeAttribute("aria-busy");
  }
}
