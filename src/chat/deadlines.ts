import { checkLimit } from "../options.js";

/** How long may pass, in milliseconds; what is absent or Infinity is no deadline. Time in which nobody reads doesn't count. */
export interface Deadlines {
  /** From the call to the first content. */
  first?: number;
  /** Between contents, and from the call to the first one unless `first` says otherwise. Pings are no content. */
  idle?: number;
  /** From the call to the end. */
  total?: number;
}

/** Counts the time that an answer may take while somebody waits for it. */
export interface Watch {
  /** Time begins to count; nobody waits for it yet. */
  start: () => void;
  /** Somebody waits: what passes now has consequences. A timer exists only until `rest`. */
  wait: () => void;
  /** Nobody waits any more, so no time passes. */
  rest: () => void;
  /** There was content. */
  content: () => void;
}

const NAMES = ["first", "idle", "total"] as const;
const PASSED = {
  first: "No content came",
  idle: "No more content came",
  total: "The answer was not whole",
};
const GRACE = 1000; // the most that a deadline waits because the program was busy
const LONGEST_TIMER = 2 ** 31 - 1; // longer ones fire at once

/** Makes the watch of one answer. @throws TypeError when a deadline is no number of at least 1 */
export function watch(deadlines: Deadlines, onPassed: (error: Error) => void): Watch {
  const { first = Infinity, idle = Infinity, total = Infinity } = deadlines;
  const left = { first, idle: deadlines.first === undefined ? idle : Infinity, total };
  const late = new Set<string>(); // the deadlines that have had their grace
  let since: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  for (const [name, value] of Object.entries({ first, idle, total })) checkLimit(`deadlines.${name}`, value);

  /**
   * Counts the time that has passed. A deadline that is noticed late was not watched: the program itself was busy. It gets as
   * long again, once, in which what came meanwhile is delivered.
   */
  function start(): void {
    const now = performance.now();
    for (const name of NAMES) {
      left[name] -= now - (since ?? now);
      if (left[name] < 0 && !late.has(name)) {
        late.add(name);
        left[name] = Math.min(-left[name], GRACE);
      }
    }
    since = now;
  }

  function soonest(): (typeof NAMES)[number] {
    return NAMES.reduce((a, b) => (left[b] < left[a] ? b : a));
  }

  function rest(): void {
    clearTimeout(timer);
    if (since !== undefined) start();
    since = undefined;
  }

  function wait(): void {
    if (left[soonest()] === Infinity) return;
    clearTimeout(timer);
    start();
    timer = setTimeout(expire, Math.min(Math.max(Math.ceil(left[soonest()]), 0), LONGEST_TIMER)); // it may be overdue
  }

  function expire(): void {
    start();
    const name = soonest();
    if (left[name] > 0) return wait();
    const error = new Error(`${PASSED[name]} within ${deadlines[name]} ms (deadlines.${name})`);
    error.name = "TimeoutError";
    onPassed(error);
  }

  return {
    start,
    wait,
    rest,
    content() {
      left.first = Infinity;
      left.idle = idle;
      late.delete("idle");
    },
  };
}
