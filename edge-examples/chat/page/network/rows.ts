import type { Delta } from "sluice/chat";
import { create, element } from "../dom.ts";
import { isAtEnd } from "../follow.ts";
import type { Came, Chunk } from "../reading/came.ts";
import { Row } from "./row.ts";

/** How many chunks and deltas of the beginning, and of the end, stay on the page: there can be thousands of them a second. */
const MAX_ITEMS = 400;

/** How many are drawn at once. What comes faster is skipped, but for the beginning, the last of it, and the first error. */
const MAX_AT_ONCE = 200;

/**
 * How long it rests for each chunk and delta that was drawn, in milliseconds: of what comes faster the last is enough, and more so
 * where nobody sees it. Each is some ten nodes, and what was on a page for a moment only is garbage: a million of it together
 * stopped Firefox for more than a second.
 */
const SEEN_TIME = 2.5;
const UNSEEN_TIME = 10;

/**
 * The rows of the two columns: each holds the chunks that came until something came out, and beside them what it was.
 *
 * The view stays where it is, so that it can be read while it grows: it follows only a reader who has scrolled to its end. An
 * error, or an end that is none, comes into view by itself.
 */
export class Rows {
  readonly #scroller = element("wire-rows", HTMLElement);
  readonly #list = element("rows", HTMLOListElement);
  readonly #latestList = element("latest-rows", HTMLOListElement);
  readonly #empty = element("wire-empty", HTMLElement);
  #row: Row | undefined;
  #toShow: HTMLElement | undefined;
  /** Whether the reader is at the end, and not because all of it fits. */
  #follows = false;
  /** Whether the view stays at what has gone wrong, until its reader moves it. */
  #holds = false;
  /** The rows behind the gap, which leave again at its end. */
  #latest: Row[] = [];
  #gap = create("li", "wire-row gap");
  #shown = 0;
  #left = 0;
  /** All that were ever drawn. */
  #drawn = 0;
  /** Whether what comes of the last chunk is skipped, as that was. */
  #skips = false;
  /** The first error, and its row, which stays. */
  #failed: { row: Row; line: HTMLElement } | undefined;
  #latestIsInSight = false;

  /** @param onSight when the latest rows come into sight */
  constructor({ onSight }: { onSight: () => void }) {
    for (const event of ["wheel", "touchmove", "keydown", "pointerdown"])
      this.#scroller.addEventListener(
        event,
        () => {
          this.#holds = false;
        },
        { passive: true },
      );
    this.#scroller.addEventListener(
      "scroll",
      () => {
        this.#follows = this.#scroller.scrollTop > 0 && isAtEnd(this.#scroller);
      },
      { passive: true },
    );
    new IntersectionObserver(
      (entries) => {
        this.#latestIsInSight = entries.at(-1)?.isIntersecting === true;
        if (this.#latestIsInSight) onSight();
      },
      { root: this.#scroller },
    ).observe(this.#latestList);
    // Out of sight the latest rows have a height by guess: their end moves when they come into it.
    new ResizeObserver(() => this.#follow()).observe(this.#latestList);
  }

  clear(): void {
    this.#row = this.#toShow = this.#failed = undefined;
    this.#latest = [];
    this.#gap = create("li", "wire-row gap");
    this.#shown = this.#left = 0;
    this.#skips = this.#holds = this.#follows = false;
    this.#list.replaceChildren();
    this.#latestList.replaceChildren();
    this.#latestList.hidden = true;
    this.#empty.hidden = false;
    this.#scroller.scrollTop = 0;
  }

  /**
   * Draws the first of what has come, as much as may be drawn at once, after which the view is where its reader wants it.
   *
   * @param came what is left of it is for the next time
   * @returns for how many milliseconds it should rest then
   */
  draw(came: Came[]): number {
    const before = this.#drawn;
    // The chunk that the last of it begins in: one can hold hundreds of events.
    const latest = came.findLastIndex(({ type }, index) => type === "chunk" && index <= came.length - MAX_AT_ONCE);
    let taken = 0;
    for (const [index, what] of came.entries()) {
      if (this.#drawn - before >= MAX_AT_ONCE) break;
      taken += 1;
      if (what.type === "chunk") this.#addChunk(what, { isPassing: index < latest });
      else this.#addDelta(what);
    }
    came.splice(0, taken);
    this.#prune();
    this.#follow();
    this.reveal();
    const isSeen = this.#latest.length === 0 || this.#latestIsInSight;
    return came.length > 0 ? 0 : (this.#drawn - before) * (isSeen ? SEEN_TIME : UNSEEN_TIME);
  }

  #follow(): void {
    if (this.#follows && !this.#holds) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Scrolls to what has gone wrong, once; call it again when the view was not on the page at that time. */
  reveal(): void {
    const shown = this.#toShow;
    if (shown === undefined || this.#scroller.offsetParent === null) return;
    this.#toShow = undefined;
    this.#holds = true;
    shown.scrollIntoView({ block: "center" });
    // Rows that were out of sight have their height only once they are in it.
    requestAnimationFrame(() => {
      if (this.#holds) shown.scrollIntoView({ block: "center" });
    });
  }

  /** @param isPassing whether enough comes behind it */
  #addChunk({ bytes, at }: Chunk, { isPassing }: { isPassing: boolean }): void {
    this.#skips = isPassing && this.#shown >= MAX_ITEMS;
    if (this.#skips || this.#row?.isAnswered) this.#row = undefined;
    if (this.#skips) return this.#skipChunk();
    this.#openRow().addChunk(bytes, at);
    this.#shown += 1;
    this.#drawn += 1;
  }

  #addDelta(delta: Delta): void {
    if (delta.type === "end") return this.#addEnd(delta);
    const isFirstError = delta.type === "error" && this.#failed === undefined;
    if (this.#skips && !isFirstError) return;
    const row = this.#openRow();
    const line = row.addDelta(delta);
    this.#shown += 1;
    this.#drawn += 1;
    if (!isFirstError) return;
    this.#failed = { row, line };
    this.#toShow = line;
  }

  #addEnd(end: Extract<Delta, { type: "end" }>): void {
    this.#row = undefined;
    const row = this.#openRow();
    row.setEnd(end);
    if (end.outcome !== "complete" && end.outcome !== "aborted" && this.#failed === undefined)
      this.#toShow = row.element;
  }

  #openRow(): Row {
    this.#empty.hidden = true;
    if (this.#row === undefined) {
      this.#row = new Row();
      const isLatest = this.#shown >= MAX_ITEMS;
      if (isLatest) {
        if (!this.#gap.isConnected) this.#list.append(this.#gap);
        this.#latest.push(this.#row);
        this.#latestList.hidden = false;
      }
      (isLatest ? this.#latestList : this.#list).append(this.#row.element);
    }
    return this.#row;
  }

  /** The latest rows are those behind the last gap. */
  #skipChunk(): void {
    while (this.#latest.length > 0) this.#dropFirst();
    this.#left += 1;
  }

  #dropFirst(): void {
    const first = this.#latest.shift();
    if (first === undefined) return;
    this.#shown -= first.items;
    if (first === this.#failed?.row) return this.#setApart(this.#failed);
    first.element.remove();
    this.#left += first.chunks;
  }

  /** The row stays, between the gap before it and another one. */
  #setApart({ row, line }: { row: Row; line: HTMLElement }): void {
    this.#showGap();
    this.#gap = create("li", "wire-row gap");
    this.#left = 0;
    this.#list.append(row.element, this.#gap);
    if (this.#holds) this.#toShow = line; // it has moved
  }

  /** Takes away what lies between the beginning and the end, when it becomes too much. */
  #prune(): void {
    // The last row can be the end, and the one before it hundreds of events that came at once.
    while (this.#shown - MAX_ITEMS > MAX_ITEMS && this.#latest.length > 2) this.#dropFirst();
    this.#showGap();
  }

  #showGap(): void {
    this.#gap.hidden = this.#left === 0;
    this.#gap.textContent = `${this.#left.toLocaleString("en")} chunk${this.#left === 1 ? "" : "s"} not shown`;
  }
}
