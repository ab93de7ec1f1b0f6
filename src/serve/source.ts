import { isBytes } from "../bytes.js";
import { kindOf } from "../errors.js";
import { isObject, open, type Reader } from "../source.js";

/** Values to serve: a Flow, an Answer, a stream, or anything iterable. */
export type Values<T> = ReadableStream<T> | AsyncIterable<T> | Iterable<T>;

/** Claims a source of values. @throws TypeError when it is none, or locked or used, or when it holds bytes or text already */
export function openValues(name: string, source: unknown): Reader<unknown> {
  if (typeof source === "string" || isBytes(source) || (isObject(source) && "bodyUsed" in source)) {
    throw new TypeError(`${name} takes values, not text or a body, which needs no encoding: got ${kindOf(source)}`);
  }
  return open(source);
}
