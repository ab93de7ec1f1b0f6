import { element } from "./dom.ts";

export interface ComposerOptions {
  onAsk: (question: string) => void;
  onStop: () => void;
}

/** Where one asks: Enter sends, Shift and Enter begin a line, Escape stops. */
export class Composer {
  readonly #options: ComposerOptions;
  readonly #question = element("question", HTMLTextAreaElement);
  readonly #send = element("send", HTMLButtonElement);
  readonly #stop = element("stop", HTMLButtonElement);
  #isRunning = false;

  constructor(options: ComposerOptions) {
    this.#options = options;
    element("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#question.addEventListener("input", () => this.#fit());
    this.#question.addEventListener("keydown", (event) => {
      // Enter also ends a composition of characters, which is no wish to send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#stop.addEventListener("click", options.onStop);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") options.onStop();
    });
  }

  focus(): void {
    this.#question.focus();
  }

  /** What had the focus and is gone, or no use any more, gives it to what comes next. */
  show({ isRunning }: { isRunning: boolean }): void {
    const focus = document.activeElement;
    const isLost = focus === null || focus === document.body || focus === this.#send || focus === this.#stop;
    this.#isRunning = isRunning;
    this.#send.hidden = isRunning;
    this.#stop.hidden = !isRunning;
    if (isLost) (isRunning ? this.#stop : this.#question).focus();
  }

  #submit(): void {
    const text = this.#question.value.trim();
    if (this.#isRunning || text === "") return;
    this.#question.value = "";
    this.#fit();
    this.#options.onAsk(text);
  }

  /** The question grows with its text, up to the height that the style sheet allows. */
  #fit(): void {
    this.#question.style.height = "auto";
    this.#question.style.height = `${this.#question.scrollHeight}px`;
  }
}
