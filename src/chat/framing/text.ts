import type { Bytes } from "../../bytes.js";
import type { Sink } from "../../stage.js";

/** Reads the chunks of a body as text, as `decode` does: one byte order mark at its beginning is no part of it. */
export function textOf(out: Sink<string>): Sink<Bytes | string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let isStart = true;

  function give(text: string): void {
    if (text === "") return;
    const isMarked = isStart && text.startsWith("\ufeff");
    isStart = false;
    out.push(isMarked ? text.slice(1) : text);
  }

  return {
    push(chunk) {
      if (typeof chunk === "string") return give(decoder.decode() + chunk);
      const last = bytesOf(chunk).at(-1);
      // Where nothing can be cut off the decoder need not be a streaming one: those are slower, and so is what is made of their text.
      if (last !== undefined) give(decoder.decode(chunk, { stream: last > 0x7f }));
    },
    end() {
      give(decoder.decode()); // a character that the end cut off
      out.end();
    },
  };
}

/** The bytes of a chunk, whatever holds them. */
export function bytesOf(chunk: Bytes): Uint8Array {
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);
}
