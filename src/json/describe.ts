import { excerpt, kindOf, type SluiceErrorCode } from "../errors.js";

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
  const where = `at offset ${at}`;
  const found = excerpt(raw, at - began);
  switch (code) {
    case "malformed":
      return `Malformed JSON ${where}: unexpected ${kindOf(raw.charAt(at - began))} in ${found}`;
    case "too-long":
      return `${value} is longer than maxValueLength (${maxValueLength}): ${found}`;
    case "too-deep":
      return `${value} nests deeper than maxDepth (${maxDepth}) ${where}: ${found}`;
    default:
      if (began === at) return `The text ended ${where} before a JSON value began`;
      return `${value} is cut off ${where}: ${found}`;
  }
}
