import { Run } from "./run.js";
import type { Stage } from "./stage.js";

/**
 * How many values go into a stream's own queue at once. Native queues are not made for many: taking one out of Node 20's costs
 * time in proportion to their number.
 */
export const BATCH_LENGTH = 256;

/** The two streams of a stage, and whether somebody writes to them or has done so. */
export interface Pair<In, Out> {
  readable: ReadableStream<Out>;
  writable: WritableStream<In>;
  isTaken: () => boolean;
}

/**
 * Makes the pair of streams of a stage by hand. A native TransformStream throws its queue away on an error; here what a
 * chunk gave before its error is delivered first: the writable rejects at once, the readable errors when it is drained.
 *
 * A chunk is taken only when a read waits, and its write ends only when its values have been read, so that the abort which
 * a broken source turns into cannot overtake them.
 */
export function pair<In, Out>(stage: Stage<In, Out>): Pair<In, Out> {
  const run = new Run(stage);
  let input: WritableStreamDefaultController;
  let output: ReadableStreamDefaultController<Out>;
  let isOpen = true; // the readable has neither been closed nor errored nor cancelled
  let isWanted = false; // a read waits, and nothing has been enqueued for it
  let isDelivering = false;
  let isUsed = false; // something has been done to the writable
  let next = 0; // the index of the first value that has not been enqueued
  let wake: (() => void) | undefined;

  const readable = new ReadableStream<Out>(
    {
      start(controller) {
        output = controller;
      },
      pull() {
        isWanted = true;
        if (!isDelivering) deliver();
        wake?.();
      },
      cancel(reason) {
        stop();
        input.error(reason);
      },
    },
    { highWaterMark: 0 },
  );

  const writable = new WritableStream<In>({
    start(controller) {
      input = controller;
      // A write that waits for its reader holds back `abort`, but not the signal.
      controller.signal?.addEventListener("abort", stop);
    },
    async write(chunk) {
      isUsed = true;
      if (!isWanted) await until(() => isWanted);
      run.push(chunk);
      deliver();
      if (run.state === "failed") throw run.error;
      if (run.state === "ended") input.error(new TypeError("A stage has ended the stream"));
      if (!isDrained()) await until(isDrained);
    },
    close() {
      isUsed = true;
      run.end();
      deliver();
      if (run.state === "failed") throw run.error;
    },
    abort(reason) {
      isUsed = true;
      stop();
      output.error(reason);
    },
  });

  /** Discards what has not been read: nobody wants it any more. */
  function stop(): void {
    isOpen = false;
    isUsed = true;
    run.discard();
    next = 0;
    wake?.();
  }

  function isDrained(): boolean {
    return next === run.values.length;
  }

  /** Enqueues what reads wait for; closes or errors the readable once it is drained. */
  function deliver(): void {
    isDelivering = true;
    while (isWanted && !isDrained()) {
      // The last waits for a pull of its own, which says that the others have been read.
      const count = Math.min(Math.max(run.values.length - next - 1, 1), BATCH_LENGTH);
      for (const value of run.values.slice(next, next + count)) {
        isWanted = false;
        output.enqueue(value);
      }
      next += count;
    }
    isDelivering = false;
    if (!isDrained()) return;
    run.values = [];
    next = 0;
    if (!isOpen || run.state === "open") return;
    if (run.state === "failed" && !isWanted) return; // the pull that comes next says that the last value was taken
    isOpen = false;
    wake?.();
    if (run.state === "failed") output.error(run.error);
    else output.close();
  }

  /** Waits until `condition` holds or there is nothing left to wait for. */
  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        if (condition() || !isOpen || run.state !== "open") resolve();
      };
      wake();
    });
  }

  return { readable, writable, isTaken: () => writable.locked || isUsed };
}
