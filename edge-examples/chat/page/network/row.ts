import type { Delta } from "sluice/chat";
import { visible } from "../../../../src/cli/inspect/page/visible.ts";
import { create } from "../dom.ts";
import { type Described, described } from "./described.ts";

/** Chunks, and beside them what came out once the last of them was there. */
export class Row {
  readonly element: HTMLLIElement = create("li", "wire-row");
  chunks = 0;
  /** Chunks and deltas together. */
  items = 0;
  /** Whether something has come out: the next chunk starts a new row. */
  isAnswered = false;
  readonly #about = create("p", "about");
  readonly #raw = create("p", "raw");
  readonly #sent = create("div", "sent");
  readonly #gave = create("div", "gave");
  #began = 0;

  constructor() {
    this.#sent.append(this.#about, this.#raw);
    this.element.append(this.#sent, this.#gave);
  }

  /** @param at milliseconds since the question was sent */
  addChunk(bytes: Uint8Array, at: number): void {
    if (this.chunks === 0) this.#began = at;
    this.chunks += 1;
    this.items += 1;
    this.#about.textContent = `${(this.#began / 1000).toFixed(2)} s, ${this.chunks} chunk${this.chunks === 1 ? "" : "s"}`;
    const chunk = create("span", "chunk");
    for (const { kind, text } of visible(bytes.subarray(0, MAX_SHOWN)))
      chunk.append(kind === "text" || kind === "wide" ? text : create("b", kind, text));
    if (bytes.length > MAX_SHOWN) chunk.append(`… and ${(bytes.length - MAX_SHOWN).toLocaleString("en")} bytes more`);
    // After an event the next line begins, as it would in a file. The first line end of two may be in another chunk.
    if (bytes.at(-1) === LF && (bytes.length === 1 || bytes.at(-2) === LF || bytes.at(-2) === CR)) chunk.append("\n");
    this.#raw.append(chunk);
  }

  /** Gives the line that the delta has become. */
  addDelta(delta: Delta): HTMLElement {
    this.isAnswered = true;
    this.items += 1;
    const shown = line(described(delta));
    this.#gave.append(shown);
    return shown;
  }

  setEnd(delta: Extract<Delta, { type: "end" }>): void {
    this.element.classList.add("end", delta.outcome);
    this.#sent.textContent = delta.outcome === "aborted" ? "You stopped here" : "The end";
    this.#gave.append(line(described(delta)));
  }
}

function line({ kind, what, detail }: Described): HTMLElement {
  const made = create("p", "value");
  made.dataset["kind"] = kind;
  made.append(create("b", "kind", kind), " ", create("span", "what", what));
  if (detail !== undefined) made.append(" ", create("span", "detail", detail));
  return made;
}

/** In bytes: a chunk longer than this is shown by its beginning. */
const MAX_SHOWN = 4096;

const LF = 0x0a;
const CR = 0x0d;
