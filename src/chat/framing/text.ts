import type { Bytes } from "../../bytes.js";
import type { Sink } from "../../stage.js";

/** Reads the chunks of a body as text. A `decode` that is never fatal, and whose decoder therefore may keep what is cut. */
export function textOf(out: Sink<string>): Sink<Bytes | string> {
  const decoder = new TextDecoder();
  return {
    push(chunk) {
      const text = typeof chunk === "string" ? decoder.decode() + chunk : decoder.decode(chunk, { stream: true });
      if (text !== "") out.push(text);
    },
    end() {
      const text = decoder.decode(); // a character that the end cut off
      if (text !== "") out.push(text);
      out.end();
    },
  };
}
