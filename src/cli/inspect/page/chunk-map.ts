import type { Cut } from "../borders.js";
import { create } from "./dom.js";
import { type Piece, visible } from "./visible.js";

/** A chunk to draw. */
export interface MapChunk {
  bytes: Uint8Array;
  /** How many bytes it had, when `bytes` is only its beginning. */
  length?: number;
  /** When it came, in milliseconds since the request or the first chunk. */
  at?: number;
  /** What the border in front of it cuts, as `Borders` says it; nothing when it lies between frames. */
  cut?: Cut | undefined;
  /** Whether something is wrong with what it brought. */
  isMarked?: boolean;
}

/** A chunk map on a page. */
export interface ChunkMap {
  element: HTMLElement;
  /** Draws one more chunk at the end. Cheap: call it for each chunk as it comes. */
  append: (chunk: MapChunk) => void;
  /** Brings a chunk into view, counted from 0, and shows its text. */
  show: (index: number) => void;
  /** Takes all chunks away, for the next body. */
  clear: () => void;
}

/** Options of `chunkMap`. */
export interface ChunkMapOptions {
  /** How many chunks are drawn, 1,000 unless told otherwise; the others are counted. */
  maxChunks?: number;
  /** How many bytes of one chunk are drawn, 512 unless told otherwise; the others are counted. */
  maxBytes?: number;
}

/**
 * Draws a body as the network cut it: a cell per byte, a border between chunks, its colour saying what it cuts. Pointing at a
 * chunk, or walking to it with the arrow keys, shows its text. Its style is chunk-map.css, light and dark, which takes the
 * width that it is given; colours and the cell's size are custom properties there. `chunkMapLegend` explains the colours.
 *
 * @param chunks what is there already; none when they will come one by one
 *
 * @example
 * ```js
 * const map = chunkMap();
 * document.body.append(map.element, chunkMapLegend());
 * const borders = new Borders("sse");
 * for await (const bytes of response.body) map.append({ bytes, at: performance.now() - asked, cut: borders.push(bytes) });
 * ```
 */
export function chunkMap(
  chunks: Iterable<MapChunk> = [],
  { maxChunks = 1000, maxBytes = 512 }: ChunkMapOptions = {},
): ChunkMap {
  const element = create("div", "chunk-map");
  const list = create("div", "chunk-map-bytes");
  const more = create("p", "chunk-map-more");
  const detail = create("div", "chunk-map-detail");
  const about = create("p", "chunk-map-about");
  const said = create("p", "chunk-map-text");
  list.role = "listbox";
  list.tabIndex = 0;
  list.ariaLabel = "Chunks, a cell per byte; arrow keys walk through them";
  detail.role = "status";
  detail.append(about, said);
  element.append(list, more, detail);

  let drawn: { chunk: MapChunk; offset: number; item: HTMLElement }[] = [];
  let offset = 0;
  let hiddenChunks = 0;
  let hiddenBytes = 0;
  let chosen: number | undefined; // walked to, or clicked
  let shown: number | undefined;

  function append(chunk: MapChunk): void {
    const length = chunk.length ?? chunk.bytes.length;
    if (drawn.length < maxChunks) {
      const item = itemOf(chunk, drawn.length, maxBytes);
      drawn.push({ chunk, offset, item });
      list.append(item);
    } else {
      hiddenChunks += 1;
      hiddenBytes += length;
      more.hidden = false;
      more.textContent = `and ${count(hiddenChunks, "chunk")} of ${count(hiddenBytes, "byte")}, not drawn`;
    }
    offset += length;
  }

  function clear(): void {
    drawn = [];
    offset = hiddenChunks = hiddenBytes = 0;
    chosen = undefined;
    list.replaceChildren();
    more.hidden = true;
    show(undefined);
  }

  function show(index: number | undefined): void {
    if (index === shown && index !== undefined) return;
    const before = shown === undefined ? undefined : drawn[shown]?.item;
    if (before !== undefined) before.ariaSelected = "false";
    shown = index;
    const found = index === undefined ? undefined : drawn[index];
    if (index === undefined || found === undefined) {
      list.removeAttribute("aria-activedescendant");
      about.textContent = "Point at a chunk to see its text";
      said.replaceChildren();
      return;
    }
    const { chunk, item } = found;
    item.ariaSelected = "true";
    if (item.id === "") item.id = `map-chunk-${nextId++}`;
    list.setAttribute("aria-activedescendant", item.id);
    about.textContent = describe(chunk, index, found.offset);
    said.replaceChildren(...visible(chunk.bytes.subarray(0, maxBytes)).map(nodeOf));
    const left = (chunk.length ?? chunk.bytes.length) - Math.min(chunk.bytes.length, maxBytes);
    if (left > 0) said.append(create("em", "", ` … and ${count(left, "byte")}`));
  }

  function indexOf(target: EventTarget | null): number | undefined {
    const item = target instanceof Element ? target.closest<HTMLElement>(".map-chunk") : null;
    const index = item?.dataset["index"];
    return index === undefined ? undefined : Number(index);
  }

  let pointer = ""; // where it was
  list.addEventListener("pointermove", ({ target, clientX, clientY }) => {
    const place = `${clientX} ${clientY}`;
    if (place !== pointer) show(indexOf(target) ?? chosen); // else it is the map that has moved
    pointer = place;
  });
  list.addEventListener("pointerleave", () => show(chosen));
  list.addEventListener("click", ({ target }) => {
    chosen = indexOf(target);
    show(chosen);
  });
  list.addEventListener("focus", () => {
    if (shown === undefined && drawn.length > 0 && list.matches(":focus-visible")) walk(0);
  });
  list.addEventListener("keydown", (event) => {
    const to = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
    if (event.key === "Home") walk(0);
    else if (event.key === "End") walk(drawn.length - 1);
    else if (event.key === "Escape") {
      chosen = undefined;
      show(undefined);
    } else if (to !== undefined) walk((chosen ?? (to > 0 ? -1 : 0)) + to);
    else return;
    event.preventDefault();
  });

  function walk(to: number, block: ScrollLogicalPosition = "nearest"): void {
    if (drawn.length === 0) return;
    chosen = Math.min(Math.max(to, 0), drawn.length - 1);
    show(chosen);
    drawn[chosen]?.item.scrollIntoView({ block });
  }

  clear();
  for (const chunk of chunks) append(chunk);
  return { element, append, show: (index) => walk(index, "center"), clear };
}

/** What the colours of a chunk map mean, to be put beside it. */
export function chunkMapLegend(): HTMLElement {
  const legend = create("p", "chunk-map-legend");
  for (const [mark, name, meaning] of LEGEND) {
    const entry = create("span");
    const sample = create("i");
    sample.dataset[mark] = name;
    entry.append(sample, meaning);
    legend.append(entry);
  }
  return legend;
}

const LEGEND = [
  ["kind", "text", "text"],
  ["kind", "wide", "a character of several bytes"],
  ["kind", "control", "a line end or control character"],
  ["kind", "bytes", "a byte of a cut character"],
  ["cut", "", "a border between frames"],
  ["cut", "value", "in a value, line or frame"],
  ["cut", "character", "in a character or CR LF"],
] as const;

let nextId = 1;

function itemOf(chunk: MapChunk, index: number, maxBytes: number): HTMLElement {
  const item = create("span", "map-chunk");
  const length = chunk.length ?? chunk.bytes.length;
  item.role = "option";
  item.ariaSelected = "false";
  item.ariaLabel = `Chunk ${index + 1}, ${count(length, "byte")}`;
  item.dataset["index"] = String(index);
  if (chunk.isMarked) item.dataset["marked"] = "";
  if (chunk.cut !== undefined) item.dataset["cut"] = chunk.cut;
  for (const { kind, bytes } of visible(chunk.bytes.subarray(0, maxBytes))) {
    const run = create("i");
    run.dataset["kind"] = kind;
    run.dataset["cells"] = "0".repeat(bytes); // drawn by the style sheet, a cell for each
    item.append(run);
  }
  const left = length - Math.min(chunk.bytes.length, maxBytes);
  if (left > 0) {
    const rest = create("i");
    rest.dataset["kind"] = "rest";
    rest.dataset["cells"] = `+${left.toLocaleString("en")}`;
    item.append(rest);
  }
  return item;
}

const CUTS: Readonly<Record<Cut, string>> = {
  character: "begins inside a character",
  "line-end": "begins between CR and LF",
  value: "begins inside a value",
  line: "begins inside a line",
  frame: "begins inside a frame",
};

function describe({ bytes, length = bytes.length, at, cut }: MapChunk, index: number, offset: number): string {
  const parts = [
    `Chunk ${(index + 1).toLocaleString("en")}`,
    at === undefined ? "" : `${(at / 1000).toFixed(3)} s`,
    `${count(length, "byte")} from byte ${offset.toLocaleString("en")} on`,
    cut === undefined ? "" : CUTS[cut],
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

function nodeOf({ kind, text }: Piece): Node {
  if (kind === "text" || kind === "wide") return document.createTextNode(text);
  const mark = create("b", "", text);
  mark.dataset["kind"] = kind;
  return mark;
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
