import { type Bytes, isBytes } from "./bytes.js";
import { kindOf } from "./errors.js";

/** What `flow` reads: a Response's body, a stream, anything iterable, or one string or buffer, which is then the only chunk. */
export type Source<T> = Body<T> | ReadableStream<T> | AsyncIterable<T> | Iterable<T> | Bytes;

/** A Response, a Request, or what has a body as they do. */
export interface Body<T> {
  readonly body: ReadableStream<T> | null;
  readonly bodyUsed: boolean;
}

/** A source as a face pulls it: one read at a time, and at most one `cancel`, after which nothing is read. */
export interface Reader<T> {
  /** A source that has its chunks at hand answers at once. */
  read: () => PromiseLike<Read<T>> | Read<T>;
  /** Tells the source that nobody reads on. */
  cancel: (reason?: unknown) => Promise<void>;
  /** Lets go of a source that has ended or failed by itself. */
  release: () => void;
}

/** What one read gives, of a stream or an iterator. */
export interface Read<T> {
  done?: boolean | undefined;
  value?: T | undefined;
}

/**
 * Claims `source`. Its chunks are what its kind says: bytes of a Response, the values of a stream or an iterable.
 *
 * @throws TypeError when it is none of these, or locked or read already
 */
export function open(source: unknown): Reader<unknown> {
  if (typeof source === "string" || isBytes(source)) return iteratorReader([source].values());
  if (isObject(source)) {
    if ("getReader" in source) return streamReader(source as ReadableStream<unknown>);
    if ("body" in source && "bodyUsed" in source) {
      if (source.bodyUsed) throw new TypeError("The body of this Response has been read already");
      return open(source.body === null ? [] : source.body);
    }
    const { [Symbol.asyncIterator]: iterate, [Symbol.iterator]: iterateNow } = source as Partial<Iterables>;
    if (iterate !== undefined) return iteratorReader(iterate.call(source));
    if (iterateNow !== undefined) return iteratorReader(iterateNow.call(source));
  }
  throw new TypeError(
    `A source must be a Response, a ReadableStream, an async or sync iterable of chunks, a string or a buffer; got ${kindOf(source)}${isPromise(source) ? ": await it first" : ""}`,
  );
}

type Iterables = AsyncIterable<unknown> & Iterable<unknown>;

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && "then" in value && typeof value.then === "function";
}

function streamReader(stream: ReadableStream<unknown>): Reader<unknown> {
  const reader = stream.getReader();
  return {
    read: () => reader.read(),
    cancel(reason) {
      const cancelled = reader.cancel(reason);
      reader.releaseLock(); // a cancelled stream has settled its pending reads
      return cancelled;
    },
    release: () => reader.releaseLock(),
  };
}

function iteratorReader(iterator: AsyncIterator<unknown> | Iterator<unknown>): Reader<unknown> {
  let stop: ((result: Read<unknown>) => void) | undefined;
  return {
    read() {
      const result = iterator.next();
      if (!isPromise(result)) return result;
      return new Promise((resolve, reject) => {
        stop = resolve;
        result.then(resolve, reject);
      });
    },
    async cancel() {
      stop?.({ done: true }); // a generator's `return` waits for its pending read; nobody else needs to
      await iterator.return?.();
    },
    release: () => undefined, // an iterator that is done holds nothing
  };
}
