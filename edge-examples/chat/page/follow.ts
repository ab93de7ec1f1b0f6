/** How far from its end a scroller still counts as being there. */
const END_ZONE = 48;

/**
 * Keeps a scroller at its end while it grows, as long as its reader is there; who scrolls away is left in peace, and offered a
 * way back.
 */
export class Follower {
  readonly #scroller: Element;
  readonly #onChange: (follows: boolean) => void;
  #follows = true;

  /** @param onChange when the reader leaves the end, or comes back to it */
  constructor(scroller: Element, onChange: (follows: boolean) => void = () => undefined) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    scroller.addEventListener("scroll", () => this.#set(isAtEnd(scroller)), { passive: true });
  }

  /** Something has grown. */
  grown(): void {
    if (this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#set(true);
    this.grown();
  }

  #set(follows: boolean): void {
    if (follows === this.#follows) return;
    this.#follows = follows;
    this.#onChange(follows);
  }
}

export function isAtEnd(scroller: Element): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END_ZONE;
}
