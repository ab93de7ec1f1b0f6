import { excerpt, kindOf, type SluiceErrorCode } from "../errors.js";
import type { ReadingOptions } from "./reading-options.js";

/** The message of an error found at the offset `at` in the text `raw`, which begins at the offset `began`. */
export function describe(
  code: SluiceErrorCode,
  raw: string,
  began: number,
  at: number,
  { maxValueLength, maxDepth }: ReadingOptions,
): string {
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
