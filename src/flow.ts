/// <reference lib="esnext.disposable" preserve="true" />
import { check } from "./options.js";
import { BATCH_LENGTH, Run } from "./run.js";
import { isObject, isPromise, open, type Reader, type Source } from "./source.js";
import { fuseAll, type Stage } from "./stage.js";

/** For what a cancelled source complains of when nobody is left to hear it. */
const ignore = (): void => undefined;

type Result<Out> = IteratorResult<Out, undefined>;

/**
 * The values that come out of stages driven straight from a source: for reading with `for await` in every runtime, or as
 * a stream through `readable`. It is used once, in one of the two ways.
 */
export class Flow<Out> implements AsyncIterable<Out, undefined>, AsyncDisposable {
  readonly #source: Reader<unknown>;
  readonly #run: Run<unknown, Out>;
  /** What the chunk read last gave and nobody has taken yet. */
  #batch: ArrayIterator<Out>;
  #isPulling = false;
  /** Wakes the calls for a value that wait for the one before, oldest first. */
  readonly #waiting: (() => void)[] = [];
  /** What came of cancelling the source; a source that is over needs none. */
  #cancelled: Promise<void> | undefined;
  #isClaimed = false;
  #readable: ReadableStream<Out> | undefined;

  /** For `flow`. */
  constructor(source: Reader<unknown>, run: Run<unknown, Out>) {
    this.#source = source;
    this.#run = run;
    this.#batch = run.take();
    this.#stopSource(); // it may want nothing at all
  }

  /**
   * Reads with `for await`; leaving the loop cancels the source.
   * @throws TypeError when the flow is in use already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Out, undefined> {
    this.#claim();
    const iterator: AsyncIterableIterator<Out, undefined> = {
      next: () => this.#next(),
      return: async () => {
        await this.cancel();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * The values as a stream, which reads nothing before it is asked for a value.
   * @throws TypeError when the flow is in use already
   */
  get readable(): ReadableStream<Out> {
    if (this.#readable === undefined) {
      this.#claim();
      this.#readable = new ReadableStream<Out>(
        {
          // Only called when the queue is empty: an error can throw nothing away.
          pull: async (controller) => {
            let result = await this.#next();
            if (result.done) return controller.close();
            for (let room = BATCH_LENGTH; !result.done; result = this.#batch.next()) {
              controller.enqueue(result.value);
              if (--room === 0) return;
            }
          },
          cancel: (reason) => this.cancel(reason),
        },
        { highWaterMark: 0 },
      );
    }
    return this.#readable;
  }

  /** Stops: discards what nobody has taken, ends the waiting reads and cancels the source. Resolves when that is done. */
  cancel(reason?: unknown): Promise<void> {
    this.#run.discard();
    this.#batch = this.#run.take();
    this.#cancelled ??= this.#source.cancel(reason);
    return this.#cancelled;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cancel();
  }

  #claim(): void {
    if (this.#isClaimed) throw new TypeError("A Flow is read once: make a new one");
    this.#isClaimed = true;
  }

  #next(): Promise<Result<Out>> {
    if (!this.#isPulling) {
      const result = this.#batch.next();
      if (!result.done) return Promise.resolve(result);
    }
    return this.#pull();
  }

  /** Reads on until there is a value, or the end. Calls wait for each other, also those that come from inside of a heart. */
  async #pull(): Promise<Result<Out>> {
    const run = this.#run;
    if (this.#isPulling) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isPulling = true;
    try {
      while (true) {
        const result = this.#batch.next();
        if (!result.done || run.state === "ended") return result;
        if (run.state === "failed") {
          run.discard(); // an error is told once; then the flow is done
          throw run.error;
        }
        try {
          const reading = this.#source.read();
          const read = isPromise(reading) ? await reading : reading; // arrays have their chunks at hand
          check("What an iterator gives", read, isObject(read), "an object");
          const { done, value } = read;
          if (!done) run.push(value);
          else {
            this.#release();
            run.end();
          }
        } catch (error) {
          // The source has failed: what came before has been read.
          this.#release();
          run.fail(error);
        }
        this.#stopSource();
        this.#batch = run.take();
      }
    } finally {
      this.#isPulling = this.#waiting.length > 0;
      this.#waiting.shift()?.();
    }
  }

  #release(): void {
    this.#cancelled ??= Promise.resolve();
    this.#source.release();
  }

  /** Cancels the source, unless it is over, when nothing more is wanted of it. */
  #stopSource(): void {
    if (this.#run.state === "open") return;
    this.#cancelled ??= this.#source.cancel(this.#run.error);
    this.#cancelled.catch(ignore);
  }
}

/**
 * Reads `source` through `stages` without a stream between them: values of one chunk are handed out from a queue, and
 * nothing is read before it is asked for. The fastest way to read.
 *
 * @param source a Response, ReadableStream, async or sync iterable of chunks, or one string or buffer. It is claimed at once
 * @returns the values, in order: for `for await`, or as a stream through `.readable`; `cancel()` and `await using` stop it
 * @throws TypeError when `source` is none of these, or locked or used, or when a stage is not a stage
 *
 * @example
 * ```ts
 * import { bufferParse, decode, filterEmpty, flow, splitSSE } from "sluice";
 *
 * const response = new Response('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n');
 * for await (const { n } of flow(response, decode(), splitSSE(), filterEmpty(), bufferParse<{ n: number }>())) console.log(n);
 * // → 1
 * // → 2
 * ```
 */
export function flow<A>(source: Source<A>): Flow<A>;
export function flow<A, B>(source: Source<A>, a: Stage<A, B>): Flow<B>;
export function flow<A, B, C>(source: Source<A>, a: Stage<A, B>, b: Stage<B, C>): Flow<C>;
export function flow<A, B, C, D>(source: Source<A>, a: Stage<A, B>, b: Stage<B, C>, c: Stage<C, D>): Flow<D>;
export function flow<A, B, C, D, E>(
  source: Source<A>,
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
): Flow<E>;
export function flow<A, B, C, D, E, F>(
  source: Source<A>,
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
): Flow<F>;
export function flow<A, B, C, D, E, F, G>(
  source: Source<A>,
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
  f: Stage<F, G>,
): Flow<G>;
export function flow<A, B, C, D, E, F, G, H>(
  source: Source<A>,
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
  f: Stage<F, G>,
  g: Stage<G, H>,
): Flow<H>;
export function flow(source: unknown, ...stages: Stage<unknown, unknown>[]): Flow<unknown> {
  const run = new Run(fuseAll(stages)); // first: a source is not claimed in vain
  return new Flow(open(source), run);
}
