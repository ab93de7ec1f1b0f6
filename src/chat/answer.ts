import type { Bytes } from "../bytes.js";
import { isObject, isPromise, open, type Reader, type Source } from "../source.js";
import { type Deadlines, watch } from "./deadlines.js";
import { type Delta, isContent } from "./delta.js";
import type { Dialect } from "./dialect.js";
import { assemble, IncompleteAnswerError, type Message } from "./message.js";
import { type ReadOptions, readAnswer } from "./reading.js";
import { objectOf } from "./values.js";

/** What an answer is read from: a Response, the promise that `fetch` gives, or anything that `flow` takes. */
export type AnswerSource = Source<Bytes | string> | Promise<Source<Bytes | string>>;

/**
 * An answer while it comes: its deltas with `for await` or through `readable`, its text, or all of it as a message. It is
 * read once, in one of these ways. Nothing that the network or the provider does makes it throw.
 */
export interface Answer extends AsyncIterable<Delta, undefined>, AsyncDisposable {
  /**
   * Reads with `for await`; leaving the loop cancels the request.
   * @throws TypeError when the answer is in use already
   */
  [Symbol.asyncIterator]: () => AsyncIterableIterator<Delta, undefined>;
  /**
   * The deltas as a stream, which reads nothing before it is asked for one.
   * @throws TypeError when the answer is in use already
   */
  readonly readable: ReadableStream<Delta>;
  /**
   * The text of the first choice, piece by piece.
   *
   * @throws TypeError when the answer is in use already
   * @throws IncompleteAnswerError from the loop, behind all text that came, unless the answer was whole
   */
  text: () => AsyncIterableIterator<string, undefined>;
  /**
   * All of it, whatever became of it: see `outcome`. It always resolves.
   * @throws TypeError when the answer is in use already
   */
  message: () => Promise<Message>;
  /** Stops the answer, which then ends as `aborted`, and cancels the request. Resolves when that is done. */
  cancel: (reason?: unknown) => Promise<void>;
}

/** Options of `chat`. */
export interface ChatOptions extends ReadOptions {
  signal?: AbortSignal;
  deadlines?: Deadlines;
}

/** How long a connection may take to end by itself once the answer is whole, so that it can be used again. */
const MOMENT = 50;
/** And how many chunks it may still send: one that never waits would leave no time to anybody. */
const MOMENT_READS = 8;

const ignore = (): void => undefined;

/** Begins to read an answer; for `chat`. */
export function answer(
  source: AnswerSource,
  dialects: readonly Dialect[],
  { signal, deadlines = {}, ...options }: ChatOptions,
): Answer {
  const time = watch(deadlines, (error) => stop("stalled", error));
  let queue: Delta[] = [];
  let taken = 0; // of the queue
  const reading = readAnswer(dialects, options, (delta) => {
    queue.push(delta);
    if (isContent(delta)) time.content();
  });
  let reader: Reader<unknown> | undefined; // while the source is open
  let wake = ignore; // who waits for the source
  let cancelled: Promise<void> | undefined; // may be pending forever
  let drained: Promise<void> | undefined; // once the answer has proved itself whole
  let isClaimed = false;
  let readable: ReadableStream<Delta> | undefined;

  /** Claims the source. @throws TypeError when it is none, or locked or used */
  function begin(from: unknown): void {
    if (isObject(from) && "bodyUsed" in from && "headers" in from) {
      const { headers, status } = from as Response;
      reading.expect(headers.get("content-type") ?? "", status);
    }
    reader = open(from);
    settle();
  }

  /** Waits for a chunk, or for the source to open; no longer than until somebody stops. */
  function turn(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      if (reader !== undefined) void read(reader);
    });
  }

  async function read(from: Reader<unknown>): Promise<void> {
    try {
      const { done, value } = await from.read();
      time.rest();
      if (done) {
        release();
        reading.end();
      } else reading.push(value as Bytes | string); // what is neither, it refuses
      settle();
    } catch (error) {
      fail(error);
    }
  }

  /** The connection broke, or the request never became one. */
  function fail(error: unknown): void {
    release();
    if (signal?.aborted) reading.stop("aborted", signal.reason);
    else if (objectOf(error)["name"] === "AbortError") reading.stop("aborted", error);
    else reading.fail(error);
    settle();
  }

  /** Ends the answer from outside. An abort discards what nobody has taken. */
  function stop(outcome: "aborted" | "stalled", cause: unknown): void {
    if (outcome === "aborted" && !reading.isOver) discard();
    reading.stop(outcome, cause);
    close(cause);
    settle();
  }

  /** Nobody waits for the source any more; if the answer is over, nobody ever will. */
  function settle(): void {
    time.rest();
    wake();
    if (!reading.isOver) return;
    signal?.removeEventListener("abort", onAbort);
    if (reading.isProved) drained ??= drain();
    else close();
  }

  function onAbort(): void {
    stop("aborted", signal?.reason);
  }

  /** Lets go of a source that has ended or failed by itself. */
  function release(): void {
    reader?.release();
    reader = undefined;
  }

  /** Tells a source that has not ended that nobody reads on. */
  function close(reason?: unknown): void {
    cancelled ??= reader?.cancel(reason).catch(ignore);
    reader = undefined;
    wake();
  }

  /** The answer is whole: gives the connection a moment to end by itself. */
  async function drain(): Promise<void> {
    const timer = setTimeout(close, MOMENT);
    for (let reads = 0; reader !== undefined && reads <= MOMENT_READS; reads++) await turn();
    clearTimeout(timer);
    close();
  }

  async function cancel(reason?: unknown): Promise<void> {
    stop("aborted", reason);
    await cancelled;
  }

  /** The reader has left: no more deltas, for nobody is there to take them. */
  function leave(reason?: unknown): Promise<void> {
    const left = cancel(reason);
    discard();
    return left;
  }

  function discard(): void {
    queue = [];
    taken = 0;
  }

  /** Claims the answer for who reads of it what `sift` makes of the deltas. */
  function iterate<T>(sift: (delta: Delta) => T | undefined): AsyncIterableIterator<T, undefined> {
    if (isClaimed) throw new TypeError("This answer is in use or used up: it is read once, in one way");
    isClaimed = true;
    async function* values(): AsyncGenerator<T, undefined> {
      try {
        while (true) {
          for (let delta = queue[taken]; delta !== undefined; delta = queue[taken]) {
            taken++;
            const value = sift(delta);
            if (value !== undefined) yield value;
          }
          discard();
          if (reading.isOver) return undefined;
          time.wait();
          await turn();
        }
      } finally {
        if (!reading.isOver) await leave(); // somebody threw into it, as `yield*` does
        await drained;
      }
    }
    return Object.assign(values(), {
      // A generator's own would wait for a pending `next`.
      async return() {
        await leave();
        return { done: true, value: undefined } as const;
      },
    });
  }

  const iterateAll = () => iterate((delta) => delta);

  function stream(deltas: AsyncIterator<Delta, undefined>): ReadableStream<Delta> {
    return new ReadableStream(
      {
        async pull(controller) {
          const { done, value } = await deltas.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: leave,
      },
      { highWaterMark: 0 },
    );
  }

  if (isPromise(source) && !("body" in source)) {
    time.start();
    Promise.resolve(source).then(begin).catch(fail); // whatever has a `then`
  } else {
    try {
      begin(source);
    } catch (error) {
      // Only what cannot be a body at all is the caller's mistake; a used one ends the answer.
      if (!isObject(source) || !("body" in source || "getReader" in source)) throw error;
      fail(error);
    }
  }
  if (signal?.aborted) onAbort();
  else if (!reading.isOver) signal?.addEventListener("abort", onAbort);

  return {
    [Symbol.asyncIterator]: iterateAll,
    get readable() {
      readable ??= stream(iterateAll());
      return readable;
    },
    text() {
      const { add, message } = assemble();
      return iterate((delta) => {
        add(delta);
        if (delta.type === "end" && delta.outcome !== "complete") throw new IncompleteAnswerError(message());
        return delta.type === "text" && delta.choice === 0 ? delta.text : undefined;
      });
    },
    async message() {
      const { add, message } = assemble();
      await iterate(add).next();
      return message();
    },
    cancel,
    [Symbol.asyncDispose]: cancel,
  };
}
