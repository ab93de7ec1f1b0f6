/** How a source ends: by itself, by an error after its last chunk, or never. */
export interface SourceEnd {
  fails?: unknown;
  hangs?: boolean;
}

/** What happened to a source. */
export interface Counts {
  /** How often it was asked for a chunk. */
  pulls: number;
  /** The reason of each cancel; for an iterator, one `undefined` for each `return`. */
  cancels: unknown[];
}

export interface CountedStream<T> extends Counts {
  stream: ReadableStream<T>;
}

export interface CountedIterable<T> extends Counts {
  iterable: AsyncIterable<T>;
}

/** A stream that gives one chunk for each pull and nothing before it, and counts. */
export function countedStream<T>(chunks: Iterable<T>, end: SourceEnd = {}): CountedStream<T> {
  const iterator = chunks[Symbol.iterator]();
  const stream = new ReadableStream<T>(
    {
      pull(controller) {
        counted.pulls++;
        const next = iterator.next();
        if (next.done !== true) controller.enqueue(next.value);
        else if ("fails" in end) controller.error(end.fails);
        else if (end.hangs === true) return new Promise<void>(() => {});
        else controller.close();
        return;
      },
      cancel(reason) {
        counted.cancels.push(reason);
      },
    },
    { highWaterMark: 0 },
  );
  const counted: CountedStream<T> = { stream, pulls: 0, cancels: [] };
  return counted;
}

/** The same as an async iterable. */
export function countedIterable<T>(chunks: Iterable<T>, end: SourceEnd = {}): CountedIterable<T> {
  const iterator = chunks[Symbol.iterator]();
  const counted: CountedIterable<T> = {
    pulls: 0,
    cancels: [],
    iterable: {
      [Symbol.asyncIterator]: () => ({
        async next(): Promise<IteratorResult<T>> {
          counted.pulls++;
          const next = iterator.next();
          if (next.done !== true) return { done: false, value: next.value };
          if ("fails" in end) throw end.fails;
          if (end.hangs === true) return await new Promise<never>(() => {});
          return { done: true, value: undefined };
        },
        async return(): Promise<IteratorResult<T>> {
          counted.cancels.push(undefined);
          return { done: true, value: undefined };
        },
      }),
    },
  };
  return counted;
}

/** Lets everything that is already under way settle: some turns of the event loop. */
export async function settled(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Collects what is rejected and handled by nobody while `work` runs. */
export async function unhandledRejections(work: () => Promise<void>): Promise<unknown[]> {
  const found: unknown[] = [];
  const note = (reason: unknown): void => {
    found.push(reason);
  };
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection"); // the runner's own would fail the test that shows that this one works
  process.on("unhandledRejection", note);
  try {
    await work();
    await settled();
  } finally {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
  }
  return found;
}
