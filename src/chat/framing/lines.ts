import { decode } from "../../text/decode.js";
import { splitLines } from "../../text/split-lines.js";
import { type Framing, valuesOf } from "./framing.js";

/** Lines of JSON (NDJSON). A value may go on over several lines, as an error body often does. */
export const lines: Framing = {
  name: "lines",
  type: /json/i,
  begins: (byte) => byte === 0x7b, // {
  connect(out, maxLength) {
    let line = "";
    const values = valuesOf((value) => out.push(value, "", line), out.broken, maxLength);
    const texts = splitLines({ maxLineLength: maxLength }).connect({
      push(text) {
        line = text;
        values.push(text);
      },
      end() {
        values.end();
        out.end();
      },
    });
    return decode().connect(texts);
  },
};
