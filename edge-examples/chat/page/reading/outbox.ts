import { nextTask } from "../next-task.ts";
import type { Came } from "./came.ts";

/** How much the page takes at once: it should not be held up by its own news. */
const MAX_BATCH = 2000;

/** What waits for the page, of one answer: it is sent when the page asks for more, together with what has come in the same task. */
export class Outbox {
  #waiting: Came[] = [];
  #isAwaited = true;
  #isSending = false;
  #isOver = false;

  add(what: Came): void {
    if (this.#isOver) return; // a chunk behind the end
    this.#isOver = what.type === "end";
    this.#waiting.push(what);
    if (!this.#isAwaited || this.#isSending) return;
    this.#isSending = true;
    void nextTask().then(() => {
      this.#isSending = false;
      this.#send();
    });
  }

  more(): void {
    this.#isAwaited = true;
    this.#send();
  }

  /** The page has left: all that it still wants is the end. */
  empty(): void {
    this.#waiting = this.#waiting.filter(({ type }) => type === "end");
    this.more();
  }

  #send(): void {
    if (!this.#isAwaited || this.#waiting.length === 0) return;
    this.#isAwaited = false;
    const batch = this.#waiting.slice(0, MAX_BATCH);
    this.#waiting = this.#waiting.slice(MAX_BATCH);
    postMessage(batch);
  }
}
