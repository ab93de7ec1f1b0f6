import type { Bytes } from "../../bytes.js";

/** The bytes of a chunk, whatever holds them. */
export function bytesOf(chunk: Bytes): Uint8Array {
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);
}
