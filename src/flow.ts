/// <reference lib="esnext.disposable" preserve="true" />
import { kindOf } from "./errors.js";
import { BATCH_LENGTH } from "./pair.js";
import { Run } from "./run.js";
import { isObject, isPromise, open, type Read, type Reader, type Source } from "./source.js";
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
  /** The calls for a value that wait for the source, oldest first. */
  readonly #waiting: { resolve: (result: Result<Out>) => void; reject: (error: unknown) => void }[] = [];
  #isReading = false;
  #isSourceOpen = true;
  #cancelled: Promise<void> = Promise.resolve();
  #isClaimed = false;
  #readable: ReadableStream<Out> | undefined;

  /** For `flow`. */
  constructor(source: Reader<unknown>, run: Run<unknown, Out>) {
    this.#source = source;
    this.#run = run;
    this.#batch = run.take();
    if (run.state !== "open") this.#cancelSource(undefined).catch(ignore); // it wants nothing at all
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
            const result = await this.#next();
            if (result.done) return controller.close();
            controller.enqueue(result.value);
            for (let left = BATCH_LENGTH - 1; left > 0; left--) {
              const more = this.#batch.next();
              if (!more.done) controller.enqueue(more.value);
              else if (this.#run.state === "ended") return controller.close();
              else return;
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
  async cancel(reason?: unknown): Promise<void> {
    this.#run.discard();
    this.#batch = this.#run.take();
    const cancelled = this.#cancelSource(reason);
    this.#serve();
    await cancelled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  #claim(): void {
    if (this.#isClaimed) throw new TypeError("This flow is in use or used up: a Flow is read once, so make a new one");
    this.#isClaimed = true;
  }

  #next(): Promise<Result<Out>> {
    if (this.#waiting.length === 0) {
      const result = this.#batch.next();
      if (!result.done) return Promise.resolve(result);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#isReading) this.#serve();
    });
  }

  /** Answers the waiting reads as far as it can, reading on for them. */
  #serve(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const result = this.#batch.next();
      if (result.done && this.#run.state === "open") {
        if (this.#read()) continue;
        return;
      }
      this.#waiting.shift();
      if (result.done && this.#run.state === "failed") {
        const { error } = this.#run;
        this.#run.discard(); // an error is told once; then the flow is done
        first.reject(error);
      } else first.resolve(result);
    }
  }

  /** Reads a chunk. @returns whether the source answered at once, as arrays do; otherwise `serve` is called when it does */
  #read(): boolean {
    this.#isReading = true; // until the chunk is through the hearts: what they call may ask for more
    try {
      const reading = this.#source.read();
      if (isPromise(reading)) {
        reading.then(this.#onRead, this.#onFailure);
        return false;
      }
      this.#take(reading);
    } catch (error) {
      this.#fail(error);
    }
    this.#isReading = false;
    return true;
  }

  readonly #onRead = (result: Read<unknown>): void => {
    this.#take(result);
    this.#isReading = false;
    this.#serve();
  };

  readonly #onFailure = (error: unknown): void => {
    this.#fail(error);
    this.#isReading = false;
    this.#serve();
  };

  #take(result: Read<unknown>): void {
    if (this.#run.state !== "open") return; // cancelled meanwhile
    try {
      if (!isObject(result)) throw new TypeError(`The source's iterator gave ${kindOf(result)}, no result`);
      const { done, value } = result;
      if (done) {
        this.#releaseSource();
        this.#run.end();
      } else this.#run.push(value);
    } catch (error) {
      this.#fail(error); // an iterator's own result can throw when it is looked at
    }
    if (this.#run.state !== "open") this.#cancelSource(this.#run.error).catch(ignore); // unless it is over itself
    this.#batch = this.#run.take();
  }

  /** The source has failed: what came before is read first. */
  #fail(error: unknown): void {
    if (this.#run.state !== "open") return;
    this.#releaseSource();
    this.#run.fail(error);
  }

  #releaseSource(): void {
    this.#isSourceOpen = false;
    this.#source.release();
  }

  /** Cancels the source unless it is over. @returns what comes of that, also to those who ask again */
  #cancelSource(reason: unknown): Promise<void> {
    if (this.#isSourceOpen) {
      this.#isSourceOpen = false;
      this.#cancelled = this.#source.cancel(reason);
    }
    return this.#cancelled;
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
