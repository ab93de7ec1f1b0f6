import { excerpt, type SluiceErrorCode } from "../errors.js";

/** What there is to say about a JSON value that is not what it should be. */
export interface Finding {
  /** The text concerned, from offset `began` on. */
  raw: string;
  /** The offset at which it was found. */
  at: number;
  began: number;
  maxValueLength: number;
  maxDepth: number;
}

/** The message of an error about a JSON value. */
export function describe(code: SluiceErrorCode, { raw, at, began, maxValueLength, maxDepth }: Finding): string {
  const value = `The JSON value at offset ${began}`;
  switch (code) {
    case "malformed":
      return `Malformed JSON at offset ${at}: unexpected ${JSON.stringify(raw.charAt(at - began))} in ${excerpt(raw, at - began)}`;
    case "too-long":
      return `${value} is longer than maxValueLength (${maxValueLength}): ${excerpt(raw)}`;
    case "too-deep":
      return `${value} nests deeper than maxDepth (${maxDepth}) at offset ${at}: ${excerpt(raw, at - began)}`;
    default:
      if (began === at) return `The text ended at offset ${at} before a JSON value began`;
      return `${value} is cut off at offset ${at}: ${excerpt(raw, raw.length)}`;
  }
}
