/** From about this length on text is joined by `join`, below by `+`, which is faster there but linear only by an engine's grace. */
const SHORT = 1024;

/** Text that has begun to come and is not whole yet: its fragments, joined once, so that any cut costs linear time. */
export class PendingText {
  /** Its length in UTF-16 code units. */
  length = 0;
  #parts: string[] = [];
  #last = ""; // behind the parts

  add(fragment: string): void {
    this.length += fragment.length;
    this.#last += fragment;
    if (this.#last.length < SHORT) return;
    this.#parts.push(this.#last);
    this.#last = "";
  }

  /** The whole text, which `last` completes; nothing of it is left behind. */
  take(last = ""): string {
    const text = this.#last + last;
    if (this.#parts.length > 0) this.#parts.push(text);
    const whole = this.#parts.length > 0 ? this.#parts.join("") : text;
    this.clear();
    return whole;
  }

  clear(): void {
    this.length = 0;
    this.#last = "";
    if (this.#parts.length > 0) this.#parts = [];
  }
}
