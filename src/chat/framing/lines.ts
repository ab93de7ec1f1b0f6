import { lineSplitter } from "../../text/split-lines.js";
import type { Framing } from "./framing.js";
import { valuesOf } from "./json.js";
import { textOf } from "./text.js";

/** Lines of JSON (NDJSON). A value may go on over several lines, as an error body often does. */
export const lines: Framing = {
  name: "lines",
  type: /json/i,
  begins: (byte) => byte === 0x7b, // {
  connect(out, maxLength) {
    const values = valuesOf({ push: (value, raw) => out.push(value, "", raw), broken: out.broken }, maxLength);
    return textOf(lineSplitter(maxLength)(values));
  },
};
