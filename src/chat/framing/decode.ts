import { type Bytes, isBytes } from "../../bytes.js";
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
    // Where nothing can be cut off the decoder need not be a streaming one: those are slower, and so is what is made of their text.
    const isWhole = chunk instanceof Uint8Array && (chunk.at(-1) ?? 0xff) < 0x80;
    return decoder.decode(chunk, { stream: !isWhole });
  };
}
