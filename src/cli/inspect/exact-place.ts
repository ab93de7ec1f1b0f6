import { SluiceError } from "../../errors.js";
import { bufferParse } from "../../json/buffer-parse.js";
import { describe } from "../../json/describe.js";

/**
 * Finds the character at which a value becomes impossible: `chat` says only which value cannot be read.
 *
 * @param raw the value's text, which begins at the offset `began`
 * @returns nothing when no character of it is at fault: more was to come
 */
export function exactPlace(raw: string, began: number): { offset: number; message: string } | undefined {
  if (!/^\s*[[{]/.test(raw)) return undefined; // no value: bytes, a line
  const nobody = { push: () => undefined, end: () => undefined };
  try {
    bufferParse({ framed: false, maxValueLength: Number.POSITIVE_INFINITY }).connect(nobody).push(raw);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "malformed") return undefined;
    const at = began + error.offset;
    const limits = { maxValueLength: Number.POSITIVE_INFINITY, maxDepth: Number.POSITIVE_INFINITY };
    return { offset: at, message: describe("malformed", raw, began, at, limits) };
  }
  return undefined;
}
