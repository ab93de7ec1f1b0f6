import { checkChoice, checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { DEFAULT_MAX_DEPTH } from "./recognise.js";

/** Options of every stage that reads JSON. */
export interface ReadingOptions {
  /** Whether raw control characters are kept inside strings and dropped around values, or malformed as in JSON.parse. */
  controlCharacters?: "escape" | "reject";
  /** The most characters (UTF-16 code units) of one value's text; 32 Mi unless told otherwise. */
  maxValueLength?: number;
  /** The most containers inside each other; 1,000 unless told otherwise. */
  maxDepth?: number;
}

/** What the options say, or their defaults. @throws TypeError that says what an option must be */
export function checkReading({
  controlCharacters = "escape",
  maxValueLength = DEFAULT_MAX_LENGTH,
  maxDepth = DEFAULT_MAX_DEPTH,
}: ReadingOptions): Required<ReadingOptions> {
  checkChoice("controlCharacters", controlCharacters, ["escape", "reject"]);
  checkLimit("maxValueLength", maxValueLength);
  checkLimit("maxDepth", maxDepth);
  return { controlCharacters, maxValueLength, maxDepth };
}
