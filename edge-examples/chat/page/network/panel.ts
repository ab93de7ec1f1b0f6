import type { Delta } from "sluice/chat";
import { Borders } from "../../../../src/cli/inspect/borders.ts";
import { chunkMap, chunkMapLegend } from "../../../../src/cli/inspect/page/chunk-map.ts";
import { element } from "../dom.ts";
import { every } from "../later.ts";
import type { Came, Chunk } from "../reading/came.ts";
import type { Network } from "../session.ts";
import { Rows } from "./rows.ts";

/** What the network gave this page, and what sluice made of it. It can be put away. */
export class NetworkPanel implements Network {
  readonly #rows = new Rows({ onSight: () => this.#drawRows() });
  /** The same as `sluice inspect --html` draws. */
  readonly #map = chunkMap();
  #borders = new Borders("sse");
  readonly #chunkCount = element("chunk-count", HTMLElement);
  readonly #deltaCount = element("delta-count", HTMLElement);
  readonly #drawing = every(DRAWING_PAUSE, () => this.#render());
  /** What has come since rows were drawn, and until when they rest. */
  #waiting: Came[] = [];
  #rest = 0;
  #chunks = 0;
  #parsable = 0;
  #deltas = 0;
  #errors = 0;

  constructor({ isOpen }: { isOpen: boolean }) {
    const button = element("view-switch", HTMLButtonElement);
    const narrow = matchMedia("(max-width: 60rem)");
    const show = (isShown: boolean): void => {
      document.body.classList.toggle("with-network", isShown);
      button.ariaPressed = String(isShown);
      if (isShown) this.#rows.reveal();
    };
    button.addEventListener("click", () => show(button.ariaPressed !== "true"));
    show(isOpen && !narrow.matches); // on a narrow page there is room for one of the two

    element("map", HTMLElement).append(chunkMapLegend(), this.#map.element);
    const views = element("views", HTMLFormElement);
    views.addEventListener("change", () => {
      element("network", HTMLElement).dataset["view"] = String(new FormData(views).get("view"));
      this.#rows.reveal();
    });
  }

  clear(): void {
    this.#waiting = [];
    this.#rest = 0;
    this.#chunks = this.#parsable = this.#deltas = this.#errors = 0;
    this.#rows.clear();
    this.#map.clear();
    this.#borders = new Borders("sse");
    this.#drawing.request();
  }

  chunk(chunk: Chunk): void {
    const { bytes, at, parsesAlone } = chunk;
    this.#chunks += 1;
    if (parsesAlone) this.#parsable += 1;
    this.#map.append({
      bytes: bytes.subarray(0, MAX_KEPT),
      length: bytes.length,
      at,
      cut: this.#borders.push(bytes),
    });
    this.#later(chunk);
  }

  delta(delta: Delta): void {
    if (delta.type === "error") {
      if (this.#errors === 0) this.#rest = 0; // it comes into view
      this.#errors += 1;
    } else if (delta.type !== "end") this.#deltas += 1;
    this.#later(delta);
    if (delta.type !== "end") return;
    this.#rest = 0;
    this.#drawing.flush();
  }

  #later(came: Came): void {
    this.#waiting.push(came);
    this.#drawing.request();
  }

  #drawRows(): void {
    this.#rest = performance.now() + this.#rows.draw(this.#waiting);
    if (this.#waiting.length > 0) this.#drawing.request();
  }

  #render(): void {
    if (performance.now() < this.#rest) this.#drawing.request();
    else this.#drawRows();
    this.#chunkCount.textContent =
      this.#chunks === 0
        ? "Chunks, as they reach this page"
        : `${count(this.#chunks, "chunk")}; ${some(this.#parsable)} by itself`;
    this.#deltaCount.textContent =
      this.#chunks === 0
        ? "Deltas, and the verdict"
        : `${count(this.#deltas, "delta")}, ${this.#errors === 0 ? "no error" : count(this.#errors, "error")}`;
  }
}

/** In milliseconds. Nobody reads rows at a frame's pace, and laying them out would take the frames from the answer. */
const DRAWING_PAUSE = 100;

/** How much of a chunk is kept for the map, in bytes. */
const MAX_KEPT = 512;

function some(number: number): string {
  return number === 0 ? "none parses" : number === 1 ? "1 parses" : `${number.toLocaleString("en")} parse`;
}

function count(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
