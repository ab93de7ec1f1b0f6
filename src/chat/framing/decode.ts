import type { Bytes } from "../../bytes.js";
import { isBytes } from "../../bytes.js";
import { check } from "../../options.js";

/**
 * Decodes the chunks of a body, whatever the cuts; a string ends a character that has been cut off. Byte order marks stay.
 *
 * @throws TypeError when a chunk is neither bytes nor a string
 */
export function decoding(): (chunk: Bytes | string) => string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (chunk) => {
    if (typeof chunk === "string") return decoder.decode() + chunk;
    check("A body's chunks", chunk, isBytes(chunk), "bytes or strings");
    const [last = 0xff] = bytesOf(chunk).subarray(-1);
    // Where nothing can be cut off the decoder need not be a streaming one: those are slower, and so is what is made of their text.
    return decoder.decode(chunk, { stream: last > 0x7f });
  };
}

/** The bytes of a chunk, whatever holds them. */
export function bytesOf(chunk: Bytes): Uint8Array {
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);
}
