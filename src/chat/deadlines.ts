/** How long may pass, in milliseconds; what is absent or Infinity is no deadline. Time in which nobody reads doesn't count. */
export interface Deadlines {
  /** From the call to the first content. */
  first?: number;
  /** Between contents, and from the call to the first one unless `first` says otherwise. Pings are no content. */
  idle?: number;
  /** From the call to the end. */
  total?: number;
}

type Name = keyof Deadlines;

const NAMES: readonly Name[] = ["first", "idle", "total"];
const LONGEST_TIMER = 2 ** 31 - 1; // longer ones fire at once

/**
 * Counts the time that an answer may take while somebody waits for it. A timer exists only between `wait` and `rest`.
 *
 * @throws TypeError when a deadline is no number above 0
 */
export class Watch {
  readonly #left: Record<Name, number>;
  readonly #idle: number;
  readonly #given: Deadlines;
  readonly #onPassed: (error: Error) => void;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deadlines: Deadlines, onPassed: (error: Error) => void) {
    for (const name of NAMES) {
      const value = deadlines[name];
      if (value !== undefined && !(typeof value === "number" && value > 0)) {
        throw new TypeError(`deadlines.${name} must be a number of milliseconds above 0; got ${String(value)}`);
      }
    }
    const { first, idle = Infinity, total = Infinity } = deadlines;
    this.#given = deadlines;
    this.#idle = idle;
    this.#left = { first: first ?? Infinity, idle: first === undefined ? idle : Infinity, total };
    this.#onPassed = onPassed;
  }

  /** Time begins to count; nobody waits for it yet. */
  start(): void {
    this.#since ??= performance.now();
  }

  /** Somebody waits: what passes now has consequences. */
  wait(): void {
    this.start();
    this.#arm();
  }

  /** Nobody waits any more, so no time passes. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#spend();
    this.#since = undefined;
  }

  /** There was content. */
  content(): void {
    this.#left.first = Infinity;
    this.#left.idle = this.#idle;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#spend();
    const next = Math.min(...NAMES.map((name) => this.#left[name]));
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.#check(false), Math.min(Math.max(next - 1, 0), LONGEST_TIMER));
  }

  /**
   * Called twice at the end of a deadline, a turn of the event loop apart: if the program itself was busy, what came
   * meanwhile is delivered only then.
   */
  #check(isSecond: boolean): void {
    this.#spend();
    const passed = NAMES.find((name) => this.#left[name] <= (isSecond ? 0 : 1));
    if (passed === undefined) return this.#arm(); // a timer can be early, or shorter than its deadline
    if (!isSecond) {
      this.#timer = setTimeout(() => this.#check(true), Math.max(Math.ceil(this.#left[passed]), 0));
      return;
    }
    this.rest();
    const what =
      passed === "total" ? "The answer was not whole" : passed === "first" ? "No content came" : "No more content came";
    this.#onPassed(timeoutError(`${what} within ${this.#given[passed]} ms (deadlines.${passed})`));
  }

  #spend(): void {
    if (this.#since === undefined) return;
    const now = performance.now();
    for (const name of NAMES) this.#left[name] -= now - this.#since;
    this.#since = now;
  }
}

function timeoutError(message: string): Error {
  const error = new Error(message);
  error.name = "TimeoutError";
  return error;
}
