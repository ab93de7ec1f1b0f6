import { BATCH_LENGTH, Run } from "./run.js";
import type { Stage } from "./stage.js";

/**
 * Makes the pair of streams of a stage by hand. A native TransformStream throws its queue away on an error; here what a
 * chunk gave before its error is delivered first: the writable rejects at once, the readable errors when it is drained.
 *
 * A chunk is taken only when a read waits, and its write ends only when its values have been read, so that the abort which
 * a broken source turns into cannot overtake them.
 */
export function pair<In, Out>(stage: Stage<In, Out>): ReadableWritablePair<Out, In> {
  const run = new Run(stage);
  let input: WritableStreamDefaultController;
  let output: ReadableStreamDefaultController<Out>;
  let batch = run.take(); // what the last chunk gave
  let left = 0; // how many of these have not been enqueued
  let isWanted = false; // a read waits, and nothing has been enqueued for it
  let isUsed = false; // something has been done to the writable
  let wake: (() => void) | undefined;

  const readable = new ReadableStream<Out>(
    {
      start(controller) {
        output = controller;
      },
      pull() {
        isWanted = true;
        deliver();
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
      take();
      if (run.state === "ended") input.error(new TypeError("A stage has ended the stream"));
      if (left > 0) await until(() => left === 0);
    },
    close() {
      isUsed = true;
      run.end();
      take();
    },
    abort(reason) {
      stop();
      output.error(reason);
    },
  });

  /** Discards what has not been read: nobody wants it any more. */
  function stop(): void {
    isUsed = true;
    isWanted = false;
    left = 0;
    run.discard();
    wake?.();
  }

  function take(): void {
    left = run.values.length;
    batch = run.take();
    deliver();
    if (run.state === "failed") throw run.error;
  }

  /** Enqueues what reads wait for; closes or errors the readable when a read waits for more than there is. */
  function deliver(): void {
    // The last value waits for a pull of its own, which says that the others have been read.
    for (let room = BATCH_LENGTH; isWanted ? left > 0 : left > 1 && room > 0; room--) {
      left--;
      isWanted = false;
      const { done, value } = batch.next();
      if (!done) output.enqueue(value);
    }
    if (isWanted && run.state !== "open") {
      isWanted = false;
      if (run.state === "failed") output.error(run.error);
      else output.close();
    }
    wake?.();
  }

  /** Waits until `condition` holds or there is nothing left to wait for. */
  async function until(condition: () => boolean): Promise<void> {
    while (!condition() && run.state === "open") {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return {
    readable,
    get writable() {
      if (writable.locked || isUsed) throw new TypeError("A Stage's streams are used once: make a new Stage");
      return writable;
    },
  };
}
