import type { Token } from "marked";
import remend from "remend";
import { unmasked } from "../marks.ts";
import { blocksOf, divided, type Links, settledCount, shallow } from "./blocks.ts";
import { CodeView } from "./code.ts";
import { OpenFence } from "./fence.ts";
import { morph } from "./morph.ts";
import { ANSWER_LEVEL, lastLevel, rendered } from "./render.ts";
import { SECTION_LENGTH, Sections } from "./sections.ts";

/** How much text is taken at once, in characters, and for how many milliseconds before the page may do something else. */
const SLICE_LENGTH = 1000;
const SLICE_TIME = 8;

/** How many addresses that stand elsewhere, and blocks that refer to them, are kept in mind. */
const MAX_LINKS = 100;

/** A block for good, kept where a link's address may still come that it refers to. */
interface Frozen {
  raw: string;
  nodes: ChildNode[];
  /** That of the heading before it. */
  level: number;
}

/**
 * Markdown that grows. What no later text can change is rendered once and then left alone; only the last block is rendered
 * again, its open ends repaired for the moment. An open block of code only grows.
 */
export class MarkdownView {
  readonly #sections = new Sections();
  readonly element: HTMLElement = this.#sections.element;
  /** What has come and is not shown yet. */
  #waiting: string[] = [];
  /** The text from the first block on that may still change. */
  #open = "";
  /** How many nodes of the last section are for good; behind them is what may still change. */
  #frozenCount = 0;
  /** The level of the last heading that is for good. */
  #level = ANSWER_LEVEL;
  #fence: { lines: OpenFence; view: CodeView } | undefined;
  #links: Links = {};
  #referring: Frozen[] = [];
  #isAfterCR = false;

  append(text: string): void {
    for (let at = 0; at < text.length; at += SLICE_LENGTH) this.#waiting.push(text.slice(at, at + SLICE_LENGTH));
  }

  /**
   * Shows what has come, as far as there is time for it.
   *
   * @returns whether all of it is shown
   */
  render(): boolean {
    const until = performance.now() + SLICE_TIME;
    while (this.#waiting.length > 0) {
      let slice = "";
      while (slice.length < SLICE_LENGTH && this.#waiting.length > 0) slice += this.#waiting.shift();
      this.#take(slice);
      if (performance.now() > until) break;
    }
    if (this.#fence === undefined) this.#showOpen(remend(this.#open));
    return this.#waiting.length === 0;
  }

  /** Nothing more comes for now. What is whole needs no repairs; what was cut off keeps them, and may go on. */
  finish({ isWhole }: { isWhole: boolean }): void {
    while (!this.render());
    if (isWhole && this.#fence !== undefined) this.#fence.view.append(this.#fence.lines.end());
    else if (isWhole) {
      this.#define(this.#open);
      this.#showOpen(this.#open);
    }
    this.#resolve();
  }

  #take(slice: string): void {
    let text = unmasked(this.#withLF(slice));
    while (text !== "" || this.#open !== "") {
      if (this.#fence !== undefined) {
        const { code, rest } = this.#fence.lines.read(text);
        this.#fence.view.append(code);
        if (rest === undefined) return;
        this.#fence = undefined;
        text = rest;
      }
      this.#open = shallow(this.#open + text);
      text = "";
      const left = this.#settle();
      if (left === undefined) return;
      text = left;
    }
  }

  /** Freezes what is certain. @returns the text in a block of code that is open at its end */
  #settle(): string | undefined {
    for (;;) {
      const blocks = blocksOf(this.#open, this.#links);
      const fenceAt = blocks.findIndex(isFence);
      const count = fenceAt === -1 ? settledCount(blocks, this.#open) : fenceAt;
      const settled = blocks.slice(0, count);
      this.#freeze(settled);
      // Cut from the text itself: marked writes a space at the end of a list as a line end.
      this.#open = this.#open.slice(lengthOf(settled));

      const opened = fenceAt === -1 ? undefined : OpenFence.in(this.#open);
      if (opened !== undefined) {
        const view = new CodeView(opened.fence.language);
        this.#clearOpen(); // nothing of it is taken over: this block is drawn by its own means from here on
        this.#makeRoom();
        this.#sections.last.append(view.element);
        this.#frozenCount += 1;
        this.#fence = { lines: opened.fence, view };
        this.#open = "";
        return opened.rest;
      }
      const long = divided(
        this.#open,
        blocks.slice(count).find(({ type }) => type !== "space"),
      );
      if (long === undefined) return undefined;
      this.#freeze(blocksOf(long.head, this.#links));
      this.#open = shallow(long.rest);
    }
  }

  /** Keeps the addresses that stand in a text. Only in one that is for good: half an address is another one. */
  #define(text: string): void {
    if (!text.includes("]:")) return;
    const { links } = blocksOf(text, this.#links);
    if (Object.keys(links).length <= MAX_LINKS) this.#links = links;
  }

  #freeze(blocks: readonly Token[]): void {
    for (const { raw } of blocks) this.#define(raw);
    const parts = blocks.map((block) => [block]);
    for (const [index, fragment] of rendered(parts, this.#level).entries()) {
      const { length } = fragment.childNodes;
      const block = blocks[index];
      if (block === undefined || length === 0) continue;
      this.#makeRoom();
      const level = this.#level;
      this.#level = lastLevel(fragment) ?? level;
      this.#show(fragment);
      const nodes = [...this.#sections.last.childNodes].slice(this.#frozenCount);
      this.#frozenCount += length;
      const isReferring = block.type !== "code" && block.raw.includes("[");
      if (isReferring && this.#referring.length < MAX_LINKS) this.#referring.push({ raw: block.raw, nodes, level });
    }
  }

  #showOpen(text: string): void {
    const [fragment] = rendered([blocksOf(text, this.#links)], this.#level);
    if (fragment !== undefined) this.#show(fragment);
  }

  /** Puts nodes behind what is for good. */
  #show(nodes: DocumentFragment): void {
    morph(this.#sections.last, this.#frozenCount, nodes);
  }

  #clearOpen(): void {
    const { last } = this.#sections;
    while (last.childNodes.length > this.#frozenCount) last.lastChild?.remove();
  }

  #makeRoom(): void {
    if (this.#frozenCount < SECTION_LENGTH) return;
    this.#clearOpen();
    this.#sections.next();
    this.#frozenCount = 0;
  }

  /** A link's address may have come long after the link: such blocks are rendered once more. */
  #resolve(): void {
    if (Object.keys(this.#links).length === 0) return;
    for (const { raw, nodes, level } of this.#referring) {
      const [first, ...others] = nodes;
      const [fragment] = rendered([blocksOf(raw, this.#links)], level);
      if (fragment?.childNodes.length !== nodes.length) continue;
      for (const node of others) node.remove();
      first?.replaceWith(fragment);
    }
    this.#referring = [];
  }

  /** A line end may be divided between two texts. */
  #withLF(text: string): string {
    const whole = this.#isAfterCR && text.startsWith("\n") ? text.slice(1) : text;
    this.#isAfterCR = text.endsWith("\r");
    return whole.replace(/\r\n?/g, "\n");
  }
}

function lengthOf(blocks: readonly Token[]): number {
  return blocks.reduce((length, { raw }) => length + raw.length, 0);
}

function isFence({ type, raw }: Token): boolean {
  return type === "code" && OpenFence.in(raw) !== undefined;
}
