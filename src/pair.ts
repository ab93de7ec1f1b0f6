import { Run } from "./run.js";
import type { Stage } from "./stage.js";

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
      if (!isWanted) await until(() => isWanted);
      run.push(chunk);
      deliver();
      if (run.state === "failed") throw run.error;
      if (run.state === "ended") input.error(new TypeError("A stage has ended the stream"));
      if (run.values.length > 0) await until(() => run.values.length === 0);
    },
    close() {
      run.end();
      deliver();
      if (run.state === "failed") throw run.error;
    },
    abort(reason) {
      stop();
      output.error(reason);
    },
  });

  /** Discards what has not been read: nobody wants it any more. */
  function stop(): void {
    isOpen = false;
    run.discard();
    wake?.();
  }

  /** Enqueues what reads wait for; closes or errors the readable once it is drained. */
  function deliver(): void {
    isDelivering = true;
    while (isWanted && run.values.length > 0) {
      // All but the last at once. The last waits for a pull of its own, which says that the others have been read.
      for (const value of run.values.splice(0, Math.max(1, run.values.length - 1))) {
        isWanted = false;
        output.enqueue(value);
      }
    }
    isDelivering = false;
    if (!isOpen || run.state === "open" || run.values.length > 0) return;
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

  return { readable, writable, isTaken: () => writable.locked || run.state !== "open" };
}
