import type { Delta } from "../notes.ts";
import { create } from "./dom.ts";
import { visible } from "./visible.ts";

/** Chunks, and beside them what came out once the last of them was there. */
export class WireRow {
  readonly element: HTMLLIElement = create("li", "wire-row");
  chunks = 0;
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

  /** @param at milliseconds since the body began */
  addChunk(bytes: Uint8Array, at: number): void {
    if (this.chunks === 0) this.#began = at;
    this.chunks += 1;
    this.#about.textContent = `${(this.#began / 1000).toFixed(2)} s, ${this.chunks} chunk${this.chunks === 1 ? "" : "s"}`;
    const chunk = create("span", "chunk");
    for (const { kind, text } of visible(bytes)) chunk.append(kind === "text" ? text : create("b", kind, text));
    // After an event the next line begins, as it would in a file. The first line end of two may be in another chunk.
    if (bytes.at(-1) === LF && (bytes.length === 1 || bytes.at(-2) === LF || bytes.at(-2) === CR)) chunk.append("\n");
    this.#raw.append(chunk);
  }

  addValue(value: unknown): void {
    this.isAnswered = true;
    const line = create("p", "value");
    const json = JSON.stringify(value);
    const content = JSON.stringify(contentOf(value));
    const at = content === undefined ? -1 : json.indexOf(`"content":${content}`);
    if (at === -1) line.append(json);
    else {
      const start = at + '"content":'.length;
      line.append(json.slice(0, start), create("mark", "", content), json.slice(start + content.length));
    }
    this.#gave.append(line);
  }

  addError(code: string, message: string): void {
    this.isAnswered = true;
    const line = create("p", "failure");
    line.append(create("strong", "", code), ` ${message}`);
    this.#gave.append(line);
  }

  setEnd({ outcome, via }: Extract<Delta, { type: "end" }>): void {
    this.element.classList.add("end", outcome);
    this.#sent.textContent = outcome === "aborted" ? "You stopped here" : "The end";
    this.#gave.textContent =
      via === "sentinel"
        ? "[DONE] was there"
        : via === "finish"
          ? "A finish reason was there"
          : "No [DONE], no finish reason";
  }
}

const LF = 0x0a;
const CR = 0x0d;

/** The text that a chunk of a chat completion adds: what a reader looks for in it. */
function contentOf(value: unknown): string | undefined {
  const chunk: { choices?: { delta?: { content?: unknown } }[] } | null = typeof value === "object" ? value : null;
  const content = chunk?.choices?.[0]?.delta?.content;
  return typeof content === "string" ? content : undefined;
}
