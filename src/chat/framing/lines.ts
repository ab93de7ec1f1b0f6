import { lineSplitter } from "../../text/split-lines.js";
import type { Framing } from "./framing.js";
import { valuesOf } from "./json.js";

/** Lines of JSON (NDJSON). A value may go on over several lines, as an error body often does. */
export const lines: Framing = {
  name: "lines",
  type: /json/i,
  begins: (first) => first === "{",
  connect(out, maxLength) {
    const values = valuesOf(out, maxLength);
    return lineSplitter(maxLength)({ push: (line) => values.push(line), end: values.end });
  },
};
