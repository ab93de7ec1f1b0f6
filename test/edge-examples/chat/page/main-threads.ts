import { readdirSync, readFileSync } from "node:fs";

/** A stretch of time on the page, in milliseconds, its beginning since 1970. */
export interface Stretch {
  at: number;
  duration: number;
}

/** Milliseconds between two looks at the counters. */
const INTERVAL = 10;

/** Milliseconds of work by which it is clear which of the processes has the page, if no other has half as much. */
const CLEAR = 1000;

/**
 * How much processor time the pages' main threads had, and how long they waited for a processor, as Linux counts it. On a busy
 * machine a task lasts longer than its work; how long it worked is the page's doing, the rest is not.
 */
export class MainThreads {
  #threads: Thread[];
  readonly #timer: ReturnType<typeof setInterval>;

  private constructor(threads: Thread[]) {
    this.#threads = threads;
    this.#timer = setInterval(() => {
      if (this.#isClear) this.#threads = [this.#busiest]; // looking is work, too
      for (const thread of this.#threads) thread.look();
    }, INTERVAL);
  }

  /** Those of the browsers that this process has started; nothing where there are no such counters. */
  static watch(): MainThreads | undefined {
    try {
      const threads = pageProcesses().flatMap((pid) => Thread.of(pid) ?? []);
      return threads.length === 0 ? undefined : new MainThreads(threads);
    } catch {
      return undefined;
    }
  }

  /** At most so many milliseconds of processor time were in this stretch. */
  worked({ at, duration }: Stretch): number {
    const { worked, waited } = this.#busiest.between(at, at + duration);
    return Math.min(worked, duration - waited);
  }

  /** Of all of it: milliseconds of work, and of waiting for a processor. */
  get whole(): Time {
    return this.#busiest.whole;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get #isClear(): boolean {
    if (this.#threads.length === 1) return false;
    const [most = 0, next = 0] = this.#threads.map((thread) => thread.whole.worked).sort((a, b) => b - a);
    return most > CLEAR && most > 2 * next;
  }

  /** A browser keeps processes in reserve: the page's is the one that works. */
  get #busiest(): Thread {
    return this.#threads.reduce((one, other) => (other.whole.worked > one.whole.worked ? other : one));
  }
}

/** In milliseconds. */
interface Time {
  worked: number;
  waited: number;
}

interface Look extends Time {
  at: number;
}

class Thread {
  readonly #file: string;
  readonly #first: Look;
  readonly #looks: Look[];

  /** The main thread of a process, unless that has just ended. */
  static of(pid: number): Thread | undefined {
    try {
      return new Thread(pid);
    } catch {
      return undefined;
    }
  }

  /** A process's own number is that of its main thread. */
  private constructor(pid: number) {
    this.#file = `/proc/${pid}/task/${pid}/schedstat`;
    this.#first = this.#read();
    this.#looks = [this.#first];
  }

  look(): void {
    try {
      this.#looks.push(this.#read());
    } catch {
      // It has ended.
    }
  }

  get whole(): Time {
    return timeBetween(this.#first, this.#looks.at(-1));
  }

  /** At most so much work was between these points in time, and at least so much waiting. */
  between(start: number, end: number): Time {
    const outer = timeBetween(
      this.#looks.findLast(({ at }) => at <= start) ?? this.#first,
      this.#looks.find(({ at }) => at >= end) ?? this.#looks.at(-1),
    );
    const inside = this.#looks.filter(({ at }) => at >= start && at <= end);
    return { worked: outer.worked, waited: timeBetween(inside[0], inside.at(-1)).waited };
  }

  #read(): Look {
    const [worked = 0, waited = 0] = readFileSync(this.#file, "utf8").split(" ").map(Number);
    return { at: performance.timeOrigin + performance.now(), worked: worked / 1e6, waited: waited / 1e6 };
  }
}

function timeBetween(from: Look | undefined, to: Look | undefined): Time {
  if (from === undefined || to === undefined) return { worked: 0, waited: 0 };
  return { worked: to.worked - from.worked, waited: to.waited - from.waited };
}

/** As Chromium, Firefox and WebKit call the processes that hold pages. */
const PAGE_PROCESS = /--type=renderer|-contentproc.*\btab\b|WebKitWebProcess/;

function pageProcesses(): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? read(`/proc/${name}/stat`).replace(/^.*\) \S /s, "") : "";
    if (parent !== "") parents.set(Number(name), Number.parseInt(parent, 10));
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter(
    (pid) => isOurs(pid) && PAGE_PROCESS.test(read(`/proc/${pid}/cmdline`).replaceAll("\0", " ")),
  );
}

/** Processes come and go. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
