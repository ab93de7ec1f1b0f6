import { Numbers } from "./numbers.js";
import type { Times } from "./report.js";

/** Notes when chunks came, and how much content each brought. */
export class Clock {
  readonly #gaps = new Numbers();
  #first: number | undefined;
  #last = 0;
  #firstContent: number | undefined;
  #lastContent = 0;
  #contents = 0;
  #silence: { from: number; to: number } | undefined;

  /** @param at milliseconds since time zero */
  push(at: number, contents: number): void {
    if (this.#first !== undefined && at - this.#last > this.#longest) this.#silence = { from: this.#last, to: at };
    this.#first ??= at;
    this.#last = at;
    if (contents === 0) return;
    if (this.#firstContent === undefined) this.#firstContent = at;
    else this.#gaps.add(at - this.#lastContent);
    this.#lastContent = at;
    this.#contents += contents;
  }

  /** Nothing when no chunk had a time. */
  get times(): Times | undefined {
    if (this.#first === undefined) return undefined;
    const times: Times = { firstByte: this.#first, last: this.#last, contents: this.#contents };
    if (this.#silence !== undefined) times.silence = this.#silence;
    if (this.#firstContent === undefined) return times;
    times.firstContent = this.#firstContent;
    times.lastContent = this.#lastContent;
    if (this.#contents > 1) times.interval = (this.#lastContent - this.#firstContent) / (this.#contents - 1);
    const gaps = this.#gaps;
    if (gaps.count > 0) times.gaps = { median: gaps.quantile(0.5), p95: gaps.quantile(0.95), longest: gaps.largest };
    return times;
  }

  get #longest(): number {
    return this.#silence === undefined ? 0 : this.#silence.to - this.#silence.from;
  }
}
