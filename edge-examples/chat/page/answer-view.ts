import type { Delta } from "sluice/chat";
import { create } from "./dom.ts";
import { type EndingActions, ending } from "./ending.ts";
import { perFrame } from "./later.ts";
import { MarkdownView } from "./markdown/view.ts";
import { ReasoningView } from "./reasoning-view.ts";
import { ToolView } from "./tool-view.ts";
import type { Answered } from "./turn.ts";

/** The user's words, as they were written. */
export function questionElement(text: string): HTMLElement {
  const article = create("article", "turn question");
  const words = create("p", "", text);
  words.dir = "auto";
  article.append(create("h2", "visually-hidden", "You asked"), words);
  return article;
}

export interface AnswerViewOptions extends EndingActions {
  /** When it has become longer. */
  onGrown: () => void;
}

/** How long a silence may be, in milliseconds, before the page says that it waits. */
const SILENCE = 3000;

/** An answer on the page: reasoning, text, tool calls, and at its end what became of it. */
export class AnswerView {
  readonly element: HTMLElement = create("article", "turn answer");
  readonly #answer: Answered;
  readonly #options: AnswerViewOptions;
  readonly #reasoning = new ReasoningView();
  readonly #markdown = new MarkdownView();
  readonly #calls = create("div", "calls");
  readonly #toolViews: ToolView[] = [];
  readonly #waiting = create("p", "waiting");
  readonly #frame = perFrame(() => this.#render());
  #ending: HTMLElement | undefined;
  #isThinking = false;
  #isOver = true;
  #lastContent = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  /** @param answer what it shows; it may hold something already, and is written by others */
  constructor(answer: Answered, options: AnswerViewOptions) {
    this.#answer = answer;
    this.#options = options;
    this.#waiting.hidden = true;
    this.#waiting.ariaHidden = "true"; // the status says it
    this.element.append(
      create("h2", "visually-hidden", "Answer"),
      this.#reasoning.element,
      this.#markdown.element,
      this.#calls,
      this.#waiting,
    );
    this.#reasoning.append(answer.reasoning);
    this.#markdown.append(answer.text);
    if (answer.verdict !== undefined) this.end();
  }

  /** A stream of deltas begins: the first one, or one that goes on where the last stopped. */
  begin(): void {
    this.#ending?.remove();
    this.#isOver = false;
    this.#lastContent = performance.now();
    this.element.ariaBusy = "true";
    this.#showWaiting();
    this.#clock = setInterval(() => this.#showWaiting(), 1000);
  }

  /** Takes the next delta, when it has been written down. */
  take(delta: Delta): void {
    if (delta.type === "text" || delta.type === "refusal") this.#markdown.append(delta.text);
    else if (delta.type === "reasoning") this.#reasoning.append(delta.text);
    else if (delta.type !== "tool") return;
    this.#isThinking = delta.type === "reasoning";
    this.#lastContent = performance.now();
    this.#frame.request();
  }

  /** The answer has its verdict. */
  end(): void {
    clearInterval(this.#clock);
    this.#isOver = true;
    this.#isThinking = false;
    this.element.ariaBusy = null;
    this.#frame.request();
    this.#frame.flush();
  }

  #render(): void {
    this.#showWaiting();
    this.#reasoning.render({ isThinking: this.#isThinking });
    const isShown = this.#markdown.render();
    for (const [index, call] of this.#answer.calls.entries()) this.#toolView(index).show(call, this.#isOver);
    if (!isShown) this.#frame.again();
    else if (this.#isOver) this.#finish();
    this.#options.onGrown();
  }

  #finish(): void {
    const { verdict } = this.#answer;
    if (verdict === undefined) return;
    this.#markdown.finish({ isWhole: verdict.outcome === "complete" && !verdict.offers.includes("continue") });
    this.#ending?.remove();
    this.#ending = ending(this.#answer, verdict, this.#options);
    this.element.append(this.#ending);
  }

  #toolView(index: number): ToolView {
    const known = this.#toolViews[index];
    if (known !== undefined) return known;
    const view = new ToolView();
    this.#toolViews.push(view);
    this.#calls.append(view.element);
    return view;
  }

  /** A silence is shown, so that nobody wonders whether the page still works. */
  #showWaiting(): void {
    const silence = performance.now() - this.#lastContent;
    const isEmpty = this.#answer.text === "" && this.#answer.calls.length === 0;
    this.#waiting.hidden = this.#isOver || (!isEmpty && silence < SILENCE);
    const text = silence < SILENCE ? "" : `Nothing for ${Math.floor(silence / 1000)} s`;
    if (this.#waiting.textContent !== text) this.#waiting.textContent = text;
  }
}
