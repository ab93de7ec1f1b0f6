/** Text that has begun to come and is not whole yet: its fragments, joined once, so that any cut costs linear time. */
export class PendingText {
  /** Its length in UTF-16 code units. */
  length = 0;
  #fragments: string[] = [];

  add(fragment: string): void {
    if (fragment === "") return;
    this.#fragments.push(fragment);
    this.length += fragment.length;
  }

  /** The fragments as they were added; whoever takes them leaves nothing behind. */
  takeFragments(): string[] {
    const fragments = this.#fragments;
    this.#fragments = [];
    this.length = 0;
    return fragments;
  }

  /** The whole text, which `last` completes. */
  take(last = ""): string {
    if (this.length === 0) return last;
    this.#fragments.push(last);
    return this.takeFragments().join("");
  }
}
