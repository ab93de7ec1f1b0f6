import type { Bytes } from "../bytes.js";
import { isObject, isPromise, type Read, type Source } from "../source.js";
import { type Connection, connect } from "./connection.js";
import { type Deadlines, watch } from "./deadlines.js";
import { type Delta, isContent } from "./delta.js";
import { Assembly, IncompleteAnswerError, type Message } from "./message.js";
import { type Reading, type ReadingOptions, readAnswer } from "./reading.js";
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

type Result<T> = IteratorResult<T, undefined>;

const DONE = { done: true, value: undefined } as const;

/** Begins to read an answer; for `chat`. */
export function answer(
  source: AnswerSource,
  options: Omit<ReadingOptions, "contentType" | "errorStatus">,
  { signal, deadlines = {} }: { signal?: AbortSignal | undefined; deadlines?: Deadlines | undefined },
): Answer {
  const time = watch(deadlines, (error) => stop("stalled", error));
  let queue: Delta[] = [];
  let taken = 0; // of the queue
  /** Those who wait for the source, oldest first: each takes what it wants from the queue, or that there is no more. */
  const waiting: ((isOver: boolean) => boolean)[] = [];
  let reading = newReading();
  let connection: Connection | undefined; // there is none while the promise of a source is pending
  let drained = Promise.resolve(); // once the answer has proved itself whole
  let isReading = false;
  let isClaimed = false;
  let isLeft = false; // nobody wants deltas any more
  let readable: ReadableStream<Delta> | undefined;

  function newReading(contentType?: string, errorStatus?: number): Reading {
    const push = (delta: Delta): void => {
      queue.push(delta);
      if (isContent(delta)) time.content();
    };
    return readAnswer(push, { ...options, contentType, errorStatus });
  }

  /** Claims the source. Only what cannot be a body at all is the caller's mistake; a used one ends the answer. */
  function begin(from: unknown, isTrusted: boolean): void {
    if (waiting.length === 0) time.rest();
    if (isObject(from) && "bodyUsed" in from && "headers" in from && !reading.isOver) {
      const { headers, status } = from as Response;
      reading = newReading(headers.get("content-type") ?? "", status >= 400 ? status : undefined);
    }
    try {
      connection = connect(from);
    } catch (error) {
      if (isTrusted || (isObject(from) && ("body" in from || "getReader" in from))) return fail(error);
      throw error;
    }
    if (reading.isOver) connection.cancel();
    serve();
  }

  /** Lets the waiting take what is there, then reads on for those that are left. */
  function serve(): void {
    while (taken < queue.length && waiting[0]?.(false)) waiting.shift();
    if (waiting.length === 0) return;
    if (isLeft || reading.isOver) {
      const last = waiting.splice(0);
      const finish = (): void => {
        for (const take of last) take(true);
      };
      drained.then(finish, finish);
      return;
    }
    time.wait();
    if (isReading || connection === undefined) return;
    isReading = true;
    connection.read().then(onRead).catch(fail);
  }

  function onRead({ done, value }: Read<unknown>): void {
    isReading = false;
    if (reading.isOver) return; // stopped meanwhile
    time.rest();
    if (done) {
      connection?.release();
      reading.end();
    } else reading.push(value as Bytes | string); // what is neither, it refuses
    afterWork();
  }

  /** The connection broke, or the request never became one. */
  function fail(error: unknown): void {
    isReading = false;
    if (reading.isOver) return;
    time.rest();
    connection?.release();
    if (signal?.aborted) reading.stop("aborted", signal.reason);
    else if (objectOf(error)["name"] === "AbortError") reading.stop("aborted", error);
    else reading.fail(error);
    afterWork();
  }

  function afterWork(): void {
    if (reading.isOver) {
      signal?.removeEventListener("abort", onAbort);
      if (reading.isProved && connection !== undefined) drained = connection.drain();
      else connection?.cancel();
    }
    serve();
  }

  function onAbort(): void {
    stop("aborted", signal?.reason);
  }

  /** Ends the answer from outside. An abort discards what nobody has taken. */
  function stop(outcome: "aborted" | "stalled", cause: unknown): void {
    if (!reading.isOver) {
      time.rest();
      if (outcome === "aborted") discard();
      reading.stop(outcome, cause);
      signal?.removeEventListener("abort", onAbort);
    }
    connection?.cancel(cause);
    serve();
  }

  async function cancel(reason?: unknown): Promise<void> {
    stop("aborted", reason);
    await connection?.cancelled;
  }

  /** The reader has left: no more deltas, for nobody is there to take them. */
  function leave(reason?: unknown): Promise<void> {
    isLeft = true;
    const left = cancel(reason);
    discard();
    serve();
    return left;
  }

  function discard(): void {
    queue = [];
    taken = 0;
  }

  /** Claims the answer for who reads of it what `sift` makes of the deltas: a result, or nothing. */
  function iterate<T>(
    sift: (delta: Delta) => Result<T> | Promise<never> | undefined,
  ): AsyncIterableIterator<T, undefined> {
    if (isClaimed) throw new TypeError("This answer is in use or used up: it is read once, in one way");
    isClaimed = true;

    function take(): Result<T> | Promise<never> | undefined {
      for (let delta = queue[taken]; delta !== undefined; delta = queue[taken]) {
        taken++;
        const result = sift(delta);
        if (result !== undefined) return result;
      }
      discard();
      return undefined;
    }

    const iterator: AsyncIterableIterator<T, undefined> = {
      next() {
        const result = waiting.length === 0 ? take() : undefined;
        if (result !== undefined) return Promise.resolve(result);
        return new Promise((resolve) => {
          waiting.push((isOver) => {
            const late = isOver ? DONE : take();
            if (late !== undefined) resolve(late);
            return late !== undefined;
          });
          serve();
        });
      },
      async return() {
        await leave();
        return DONE;
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  const iterateAll = () => iterate<Delta>((value) => ({ done: false, value }));

  if (isPromise(source) && !("body" in source)) {
    time.start();
    source.then(
      (opened) => begin(opened, true),
      (error: unknown) => fail(error),
    );
  } else begin(source, false);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();

  return {
    [Symbol.asyncIterator]: iterateAll,
    get readable() {
      if (readable === undefined) {
        const deltas = iterateAll();
        readable = new ReadableStream<Delta>(
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
      return readable;
    },
    text() {
      const assembly = new Assembly();
      return iterate((delta) => {
        assembly.add(delta);
        if (delta.type === "text" && delta.choice === 0) return { done: false, value: delta.text };
        if (delta.type !== "end" || delta.outcome === "complete") return undefined;
        return drained.then(() => {
          throw new IncompleteAnswerError(assembly.message(delta));
        });
      });
    },
    async message() {
      const assembly = new Assembly();
      const messages = iterate<Message>((delta) => {
        assembly.add(delta);
        return delta.type === "end" ? { done: false, value: assembly.message(delta) } : undefined;
      });
      const { value } = await messages.next();
      await messages.next(); // the connection has its moment
      return value ?? assembly.message({ type: "end", outcome: "aborted" });
    },
    cancel,
    [Symbol.asyncDispose]: () => cancel(),
  };
}
