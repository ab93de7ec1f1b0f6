import type { Delta, WireNote } from "../notes.ts";
import { create, element, isAtEnd, perFrame } from "./dom.ts";
import { WireRow } from "./wire-row.ts";

/** How many chunks of the beginning, and of the end, stay on the page: a byte per chunk makes thousands of them a second. */
const MAX_CHUNKS = 1000;

/**
 * The two columns: what the network sent, and what sluice gave. A row holds the chunks that came until something came out,
 * and beside them what it was.
 *
 * The view stays where it is, so that it can be read while it grows: it follows only a reader who has scrolled to its end. An
 * error, or an end that is none, comes into view by itself.
 */
export class WireView {
  readonly #scroller = element("wire-rows", HTMLElement);
  readonly #list = element("rows", HTMLOListElement);
  readonly #empty = element("wire-empty", HTMLElement);
  readonly #chunkCount = element("chunk-count", HTMLElement);
  readonly #valueCount = element("value-count", HTMLElement);
  readonly #frame = perFrame(() => this.#render());
  /** What has come since the last frame. */
  #waiting: (() => void)[] = [];
  #row: WireRow | undefined;
  #toShow: WireRow | undefined;
  /** The rows behind the gap, which leave again at its end. */
  #latest: WireRow[] = [];
  #gap = create("li", "wire-row gap");
  #shown = 0;
  #left = 0;
  #chunks = 0;
  #parsable = 0;
  #values = 0;
  #errors = 0;

  clear(): void {
    this.#waiting = [];
    this.#row = this.#toShow = undefined;
    this.#latest = [];
    this.#gap = create("li", "wire-row gap");
    this.#shown = this.#left = this.#chunks = this.#parsable = this.#values = this.#errors = 0;
    this.#list.replaceChildren();
    this.#empty.hidden = true;
    this.#scroller.scrollTop = 0;
    this.#frame.request();
  }

  take(note: WireNote | Delta): void {
    switch (note.type) {
      case "chunk": {
        const bytes = Uint8Array.from(atob(note.bytes), (character) => character.charCodeAt(0));
        this.#chunks += 1;
        if (parsesAlone(bytes)) this.#parsable += 1;
        return this.#later(() => this.#addChunk(bytes, note.at));
      }
      case "value":
        this.#values += 1;
        return this.#later(() => this.#openRow().addValue(note.value));
      case "error":
        this.#errors += 1;
        return this.#later(() => {
          this.#openRow().addError(note.code ?? "error", note.message);
          this.#toShow ??= this.#row;
        });
      case "end":
        this.#later(() => this.#addEnd(note));
        return this.#frame.flush();
    }
  }

  /** Scrolls to what has gone wrong, once; call it again when the view was not on the page at that time. */
  reveal(): void {
    if (this.#scroller.offsetParent === null) return;
    this.#toShow?.element.scrollIntoView({ block: "nearest" });
    this.#toShow = undefined;
  }

  #later(change: () => void): void {
    this.#waiting.push(change);
    this.#frame.request();
  }

  #render(): void {
    const follows = this.#scroller.scrollTop > 0 && isAtEnd(this.#scroller);
    for (const change of this.#waiting) change();
    this.#waiting = [];
    this.#prune();
    if (follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.reveal();

    this.#chunkCount.textContent =
      this.#chunks === 0
        ? "Waiting for the first chunk…"
        : `${count(this.#chunks, "chunk")}; ${some(this.#parsable)} by itself`;
    this.#valueCount.textContent = `${count(this.#values, "value")}, ${this.#errors === 0 ? "all whole" : count(this.#errors, "error")}`;
  }

  #addChunk(bytes: Uint8Array, at: number): void {
    if (this.#row?.isAnswered) this.#row = undefined;
    this.#openRow().addChunk(bytes, at);
    this.#shown += 1;
  }

  #addEnd(end: Extract<Delta, { type: "end" }>): void {
    this.#row = undefined;
    const row = this.#openRow();
    row.setEnd(end);
    if (end.outcome === "truncated" && this.#errors === 0) this.#toShow = row;
  }

  #openRow(): WireRow {
    if (this.#row === undefined) {
      this.#row = new WireRow();
      if (this.#shown >= MAX_CHUNKS) {
        if (!this.#gap.isConnected) this.#list.append(this.#gap);
        this.#latest.push(this.#row);
      }
      this.#list.append(this.#row.element);
    }
    return this.#row;
  }

  /** Takes away what lies between the beginning and the end, when it becomes too much. */
  #prune(): void {
    while (this.#shown - MAX_CHUNKS > MAX_CHUNKS && this.#latest.length > 1) {
      const first = this.#latest.shift();
      first?.element.remove();
      this.#shown -= first?.chunks ?? 0;
      this.#left += first?.chunks ?? 0;
    }
    this.#gap.hidden = this.#left === 0;
    this.#gap.textContent = `${count(this.#left, "chunk")} not shown`;
  }
}

/** Whether the common way of reading would manage: this chunk by itself, without its `data: `, into `JSON.parse`. */
function parsesAlone(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes).replace(/^data: /, ""));
    return typeof value === "object"; // a chunk of one digit is JSON, too, and nobody's answer
  } catch {
    return false;
  }
}

function some(number: number): string {
  return number === 0 ? "none parses" : number === 1 ? "1 parses" : `${number.toLocaleString("en")} parse`;
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
