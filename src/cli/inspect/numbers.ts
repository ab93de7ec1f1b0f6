/** Numbers of which the spread is wanted: exact up to so many, and after that of the first ones. */
const MAX_KEPT = 200_000;

/** Collects numbers in bounded memory. */
export class Numbers {
  count = 0;
  sum = 0;
  smallest: number = Number.POSITIVE_INFINITY;
  largest = 0;
  readonly #kept: number[] = [];

  add(number: number): void {
    this.count += 1;
    this.sum += number;
    this.smallest = Math.min(this.smallest, number);
    this.largest = Math.max(this.largest, number);
    if (this.#kept.length < MAX_KEPT) this.#kept.push(number);
  }

  /** The number that this part of all does not pass, such as 0.5 for the median. */
  quantile(part: number): number {
    const sorted = Float64Array.from(this.#kept).sort();
    return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  }
}
