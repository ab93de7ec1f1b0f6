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
  if (typeof source === "string" || isBytes(source)) return iteratorReader([source][Symbol.iterator]());
  if (isObject(source)) {
    if ("getReader" in source) return streamReader(source as ReadableStream<unknown>);
    if ("body" in source && "bodyUsed" in source) return open(bodyOf(source));
    if (Symbol.asyncIterator in source)
      return iteratorReader((source as AsyncIterable<unknown>)[Symbol.asyncIterator]());
    if (Symbol.iterator in source) return iteratorReader((source as Iterable<unknown>)[Symbol.iterator]());
  }
  const hint = isPromise(source) ? ": await it first" : "";
  throw new TypeError(
    `A source must be a Response, a ReadableStream, an async or sync iterable of chunks, a string or a buffer; got ${kindOf(source)}${hint}`,
  );
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && "then" in value && typeof value.then === "function";
}

function bodyOf({ body, bodyUsed }: { body: unknown; bodyUsed: unknown }): unknown {
  if (bodyUsed === true) throw new TypeError("The body of this Response has been read already");
  if (body === null) return []; // a Response without a body has no chunks
  if (body === undefined) throw new TypeError("This runtime gives a Response no body stream");
  return body;
}

function streamReader(stream: ReadableStream<unknown>): Reader<unknown> {
  if (stream.locked) throw new TypeError("This stream is locked: something else reads it already");
  const reader = stream.getReader();
  return {
    read: () => reader.read(),
    async cancel(reason) {
      const cancelled = reader.cancel(reason);
      reader.releaseLock(); // a cancelled stream has settled its pending reads
      await cancelled;
    },
    release: () => reader.releaseLock(),
  };
}

function iteratorReader(iterator: AsyncIterator<unknown> | Iterator<unknown>): Reader<unknown> {
  return {
    read: () => iterator.next(),
    async cancel() {
      await iterator.return?.();
    },
    release: () => undefined, // an iterator that is done holds nothing
  };
}
