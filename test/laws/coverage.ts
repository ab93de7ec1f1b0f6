import { expect, test } from "vitest";
import { type Export, used } from "../support/watched.ts";

/** Which public exports each law is tested on; law 8, the conformance suite, is tested on all of them. A law file that uses more or fewer fails, and so does an export in none. */
export const coverage = {
  "1-cuts": [
    "PartialJSONError",
    "SchemaError",
    "SluiceError",
    "bufferParse",
    "decode",
    "encodeLines",
    "encodeSSE",
    "filter",
    "filterEmpty",
    "listChanges",
    "map",
    "partialJSON",
    "selectJSON",
    "splitLines",
    "splitSSE",
    "stage",
    "tap",
    "unfence",
    "validate",
  ],
  "2-fusing": [
    "SluiceError",
    "Stage",
    "bufferParse",
    "decode",
    "encodeLines",
    "encodeSSE",
    "filter",
    "filterEmpty",
    "flow",
    "fuse",
    "map",
    "splitLines",
    "splitSSE",
    "stage",
    "tap",
  ],
  "3-nothing-lost": [
    "SluiceError",
    "bufferParse",
    "decode",
    "encodeLines",
    "encodeSSE",
    "filterEmpty",
    "flow",
    "fuse",
    "map",
    "splitLines",
    "splitSSE",
    "stage",
  ],
  "4-whole-or-said": [
    "SluiceError",
    "bufferParse",
    "decode",
    "filterEmpty",
    "flow",
    "fuse",
    "splitLines",
    "splitSSE",
    "stage",
  ],
  "5-linear": ["bufferParse", "decode", "encodeLines", "encodeSSE", "filterEmpty", "splitLines", "splitSSE", "stage"],
  "6-pulled": ["bufferParse", "decode", "filterEmpty", "flow", "fuse", "map", "splitSSE", "stage", "tap"],
  "7-by-the-book": ["SluiceError", "bufferParse", "decode", "encodeSSE", "map", "splitSSE", "stage"],
} as const satisfies Record<string, readonly Export[]>;

export type Law = keyof typeof coverage;

/** The last test of a law's file: it has exercised the exports that the table says, no more and no fewer. */
export function testCoverage(law: Law): void {
  test(`law ${law} is tested on the exports that it says`, () => {
    expect([...used].sort()).toEqual([...coverage[law]].sort());
  });
}
