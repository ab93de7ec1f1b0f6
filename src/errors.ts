/**
 * What went wrong with the text of a stream.
 *
 * - `malformed`: a character that no JSON text can have there
 * - `truncated`: the end came, or something else began, before the value was whole
 * - `too-long`, `too-deep`: a limit was passed (the message says which)
 * - `ill-formed`: bytes that are not UTF-8
 */
export type SluiceErrorCode = "malformed" | "truncated" | "too-long" | "too-deep" | "ill-formed";

/** Where and in what an error was found. */
export interface SluiceErrorDetails {
  /** The text concerned, whole; for `ill-formed` its bytes in hexadecimal. */
  raw: string;
  /** UTF-16 code units from the start of the failing stage's input, frames concatenated; bytes for `decode`. */
  offset: number;
  cause?: unknown;
}

/**
 * The error of every stage whose input is not what it should be. The message says what, where and in which text
 * (shortened); `raw` has that text whole.
 *
 * @example
 * ```ts
 * import { bufferParse, flow, SluiceError } from "sluice";
 *
 * try {
 *   for await (const value of flow(['{"answer": 42', "}", '{"answer": nope}'], bufferParse())) console.log(value); // → { answer: 42 }
 * } catch (error) {
 *   if (error instanceof SluiceError) console.log(error.code, error.offset, error.raw); // → malformed 26 {"answer": nope}
 * }
 * ```
 */
export class SluiceError extends Error {
  override readonly name = "SluiceError";
  readonly code: SluiceErrorCode;
  readonly raw: string;
  readonly offset: number;

  constructor(code: SluiceErrorCode, message: string, details: SluiceErrorDetails) {
    super(message, details);
    this.code = code;
    this.raw = details.raw;
    this.offset = details.offset;
  }
}

const EXCERPT_LENGTH = 60;

/** `text` around the index `at`, short enough for a message; control characters are shown as escapes. */
export function excerpt(text: string, at = 0): string {
  const start = Math.max(0, at - EXCERPT_LENGTH / 2);
  const end = start + EXCERPT_LENGTH;
  const shown = JSON.stringify(text.slice(start, end)).slice(1, -1).replaceAll('\\"', '"');
  return `${start > 0 ? "…" : ""}${shown}${end < text.length ? "…" : ""}`;
}

/** The error for what began at `offset` and passed the limit that an option sets. */
export function tooLong(what: string, offset: number, option: string, limit: number, raw: string): SluiceError {
  const message = `The ${what} at offset ${offset} is longer than ${option} (${limit}): ${excerpt(raw)}`;
  return new SluiceError("too-long", message, { raw, offset });
}

/** Says what a value is, for messages about wrong arguments: `null`, `5`, `"5"`, `[object Promise]`. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return Object(value) === value ? Object.prototype.toString.call(value) : String(value);
}
