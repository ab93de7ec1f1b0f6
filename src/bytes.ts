/** Bytes in any of the forms in which JavaScript has them. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/** Whether `value` is a buffer, shared or not, or a view of one; also one of another realm. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || /^\[object (Shared)?ArrayBuffer]$/.test(Object.prototype.toString.call(value));
}

/** One array with the bytes of all. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
