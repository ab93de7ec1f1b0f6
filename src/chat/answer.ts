import type { Bytes } from "../bytes.js";
import type { Read, Source } from "../source.js";
import { Connection } from "./connection.js";
import { type Deadlines, Watch } from "./deadlines.js";
import { type Delta, isContent } from "./delta.js";
import { Assembly, IncompleteAnswerError, type Message } from "./message.js";
import { Reading, type ReadingOptions } from "./reading.js";

/** What an answer is read from: a Response, the promise that `fetch` gives, or anything that `flow` takes. */
export type AnswerSource = Source<Bytes | string> | Promise<Source<Bytes | string>>;

type Result = IteratorResult<Delta, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * An answer while it comes: its deltas with `for await` or through `readable`, its text, or all of it as a message. It is
 * read once, in one of these ways. Nothing that the network or the provider does makes it throw.
 */
export class Answer implements AsyncIterable<Delta, undefined>, AsyncDisposable {
  readonly #watch: Watch;
  readonly #options: Omit<ReadingOptions, "contentType" | "errorStatus">;
  readonly #signal: AbortSignal | undefined;
  #reading: Reading;
  readonly #connection = new Connection();
  #isOpening = false; // the promise of a source is pending
  #isReading = false;
  #queue: Delta[] = [];
  #taken = 0; // of the queue
  readonly #waiting: ((result: Result) => void)[] = [];
  #isClaimed = false;
  #isLeft = false; // nobody wants deltas any more
  #readable: ReadableStream<Delta> | undefined;

  /** For `chat`. */
  constructor(
    source: AnswerSource,
    options: Omit<ReadingOptions, "contentType" | "errorStatus">,
    { signal, deadlines = {} }: { signal?: AbortSignal | undefined; deadlines?: Deadlines | undefined },
  ) {
    this.#options = options;
    this.#watch = new Watch(deadlines, (error) => this.#stop("stalled", error));
    this.#reading = this.#newReading();
    this.#signal = signal;
    if (isPromise(source)) {
      this.#isOpening = true;
      this.#watch.start();
      source.then(
        (opened) => this.#open(opened),
        (error: unknown) => this.#fail(error),
      );
    } else this.#open(source, !isBody(source));
    signal?.addEventListener("abort", this.#onAbort);
    if (signal?.aborted) this.#onAbort();
  }

  /**
   * Reads with `for await`; leaving the loop cancels the request.
   * @throws TypeError when the answer is in use already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<Delta, undefined> {
    this.#claim();
    const iterator: AsyncIterableIterator<Delta, undefined> = {
      next: () => this.#next(),
      return: async () => {
        await this.#leave();
        return DONE;
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * The deltas as a stream, which reads nothing before it is asked for one.
   * @throws TypeError when the answer is in use already
   */
  get readable(): ReadableStream<Delta> {
    if (this.#readable === undefined) {
      this.#claim();
      this.#readable = new ReadableStream<Delta>(
        {
          pull: async (controller) => {
            const { done, value } = await this.#next();
            if (done) return controller.close();
            controller.enqueue(value);
            while (this.#taken < this.#queue.length) controller.enqueue(this.#take().value as Delta);
          },
          cancel: (reason) => this.#leave(reason),
        },
        { highWaterMark: 0 },
      );
    }
    return this.#readable;
  }

  /**
   * The text of the first choice, piece by piece.
   *
   * @throws TypeError when the answer is in use already
   * @throws IncompleteAnswerError from the loop, behind all text that came, unless the answer was whole
   */
  text(): AsyncIterableIterator<string, undefined> {
    const deltas = this[Symbol.asyncIterator]();
    const assembly = new Assembly();
    const next = async (): Promise<IteratorResult<string, undefined>> => {
      for (let result = await deltas.next(); !result.done; result = await deltas.next()) {
        const delta = result.value;
        assembly.add(delta);
        if (delta.type === "text" && delta.choice === 0) return { done: false, value: delta.text };
        if (delta.type !== "end" || delta.outcome === "complete") continue;
        await deltas.next();
        throw new IncompleteAnswerError(assembly.message(delta));
      }
      return { done: true, value: undefined };
    };
    const texts: AsyncIterableIterator<string, undefined> = {
      next,
      return: async () => {
        await deltas.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => texts,
    };
    return texts;
  }

  /**
   * All of it, whatever became of it: see `outcome`. It always resolves.
   * @throws TypeError when the answer is in use already
   */
  async message(): Promise<Message> {
    const assembly = new Assembly();
    let message: Message | undefined;
    for await (const delta of this) {
      assembly.add(delta);
      if (delta.type === "end") message = assembly.message(delta);
    }
    return message ?? assembly.message({ type: "end", outcome: "aborted" });
  }

  /** Stops the answer, which then ends as `aborted`, and cancels the request. Resolves when that is done. */
  async cancel(reason?: unknown): Promise<void> {
    this.#stop("aborted", reason);
    await this.#connection.cancelled;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  #claim(): void {
    if (this.#isClaimed) throw new TypeError("This answer is in use or used up: it is read once, in one way");
    this.#isClaimed = true;
  }

  #newReading(contentType?: string, errorStatus?: number): Reading {
    const push = (delta: Delta): void => {
      this.#queue.push(delta);
      if (isContent(delta)) this.#watch.content();
    };
    return new Reading(push, { ...this.#options, contentType, errorStatus });
  }

  /** Claims the source. Only what cannot be a body at all is the caller's mistake; a used one ends the answer. */
  #open(source: unknown, throws = false): void {
    this.#isOpening = false;
    if (this.#waiting.length === 0) this.#watch.rest();
    if (isResponse(source) && !this.#reading.isOver) {
      const isError = source.status >= 400;
      this.#reading = this.#newReading(source.headers.get("content-type") ?? "", isError ? source.status : undefined);
    }
    try {
      this.#connection.open(source);
    } catch (error) {
      if (throws) throw error;
      return this.#fail(error);
    }
    if (this.#reading.isOver) return this.#connection.cancel(undefined);
    this.#serve();
  }

  #next(): Promise<Result> {
    if (this.#waiting.length === 0 && this.#taken < this.#queue.length) return Promise.resolve(this.#take());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
    });
  }

  #take(): Result {
    const value = this.#queue[this.#taken++];
    if (this.#taken === this.#queue.length) {
      this.#queue = [];
      this.#taken = 0;
    }
    return value === undefined ? DONE : { done: false, value };
  }

  /** Answers the waiting calls as far as it can, then reads on for those that are left. */
  #serve(): void {
    while (this.#waiting.length > 0 && this.#taken < this.#queue.length) this.#waiting.shift()?.(this.#take());
    if (this.#waiting.length === 0) return;
    if (this.#isLeft || this.#reading.isOver) {
      const waiting = this.#waiting.splice(0);
      const answer = (): void => {
        for (const resolve of waiting) resolve(DONE);
      };
      const { drained } = this.#connection;
      if (drained === undefined) answer();
      else drained.then(answer, answer);
      return;
    }
    this.#watch.wait();
    if (this.#isReading || this.#isOpening || !this.#connection.isOpen) return;
    this.#isReading = true;
    this.#connection.read().then(this.#onRead, (error: unknown) => this.#fail(error));
  }

  readonly #onRead = ({ done, value }: Read<unknown>): void => {
    this.#isReading = false;
    if (this.#reading.isOver) return; // stopped meanwhile
    this.#watch.rest();
    if (done) {
      this.#connection.release();
      this.#reading.end();
    } else this.#reading.push(value as Bytes | string); // what is neither, it refuses
    this.#afterWork();
  };

  /** The connection broke, or the request never became one. */
  #fail(error: unknown): void {
    this.#isReading = false;
    this.#isOpening = false;
    if (this.#reading.isOver) return;
    this.#watch.rest();
    this.#connection.release();
    if (this.#signal?.aborted || (error as { name?: unknown } | null)?.name === "AbortError") {
      this.#reading.stop("aborted", this.#signal?.aborted ? this.#signal.reason : error);
    } else this.#reading.fail(error);
    this.#afterWork();
  }

  #afterWork(): void {
    if (this.#reading.isOver) {
      this.#signal?.removeEventListener("abort", this.#onAbort);
      if (this.#reading.isProved) this.#connection.drain();
      else this.#connection.cancel(undefined);
    }
    this.#serve();
  }

  readonly #onAbort = (): void => this.#stop("aborted", this.#signal?.reason);

  /** Ends the answer from outside. An abort discards what nobody has taken. */
  #stop(outcome: "aborted" | "stalled", cause: unknown): void {
    if (this.#reading.isOver) return this.#connection.cancel(cause);
    this.#watch.rest();
    if (outcome === "aborted") {
      this.#queue = [];
      this.#taken = 0;
    }
    this.#reading.stop(outcome, cause);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#connection.cancel(cause);
    this.#serve();
  }

  /** The reader has left: no more deltas, for nobody is there to take them. */
  async #leave(reason?: unknown): Promise<void> {
    this.#isLeft = true;
    this.#stop("aborted", reason);
    this.#queue = [];
    this.#taken = 0;
    this.#serve();
    await this.#connection.cancelled;
  }
}

function isPromise(source: AnswerSource): source is Promise<Source<Bytes | string>> {
  return typeof source === "object" && "then" in source && !("body" in source);
}

function isResponse(source: unknown): source is Response {
  return typeof source === "object" && source !== null && "bodyUsed" in source && "headers" in source;
}

function isBody(source: unknown): boolean {
  return typeof source === "object" && source !== null && ("getReader" in source || "body" in source);
}
