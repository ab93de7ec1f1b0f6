import { concat } from "../bytes.js";
import { excerpt, kindOf, SluiceError } from "../errors.js";
import { fromBase64 } from "./base64.js";
import { type Cassette, type CassetteChunk, type CassetteEnd, type CassetteHeader, isStatus } from "./cassette.js";

/** How a cassette begins. */
export const MAGIC = '{"cassette":';
const LF = 0x0a;

/** Whether this is a cassette, or its beginning: a file of that format begins with `{"cassette":`. */
export function isCassette(content: string | Uint8Array): boolean {
  const start = content.slice(0, MAGIC.length + 3); // a byte order mark may stand in front
  return (typeof start === "string" ? start.replace(/^\ufeff/, "") : decoder.decode(start)).startsWith(MAGIC);
}

/**
 * Reads a cassette, in the format of docs/cassette.md. What follows the last line end is a line that was not written to its
 * end, and is left out: so a recording that a crash broke off is readable, and has no `end`.
 *
 * @param content the text of a cassette, or its bytes
 * @throws SluiceError `malformed` at a line that no cassette has there (`raw` is that line, `offset` where it begins, in
 *   bytes), `truncated` when not even the first line is whole
 * @throws TypeError when `content` is neither text nor bytes
 *
 * @example
 * ```ts
 * import { parseCassette } from "sluice/cassette";
 *
 * const { chunks, end } = parseCassette('{"cassette":1}\n{"at":12.5,"text":"data: 1\\n\\n"}\n{"at":13,"en');
 * console.log(chunks.length, chunks[0]?.at, end); // → 1 12.5 undefined
 * ```
 */
export function parseCassette(content: string | Uint8Array): Cassette {
  if (!(typeof content === "string" || content instanceof Uint8Array)) {
    throw new TypeError(`parseCassette takes a cassette's text or bytes; got ${kindOf(content)}`);
  }
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  let header: CassetteHeader | undefined;
  const chunks: CassetteChunk[] = [];
  let end: CassetteEnd | undefined;
  let number = 0;
  let start = 0;
  for (let stop = bytes.indexOf(LF); stop !== -1; stop = bytes.indexOf(LF, start)) {
    const line = bytes.subarray(start, stop);
    number++;
    try {
      const fields = fieldsOf(line);
      if (header === undefined) header = headerOf(fields);
      else if (end !== undefined) throw new Complaint("nothing may follow the end");
      else if ("end" in fields) end = endOf(fields);
      else chunks.push(chunkOf(fields));
    } catch (error) {
      if (!(error instanceof Complaint)) throw error;
      throw malformed(`Line ${number} does not belong in a cassette: ${error.message}`, decoder.decode(line), start);
    }
    start = stop + 1;
  }
  if (header === undefined) {
    const raw = decoder.decode(bytes);
    if (isCassette(bytes)) {
      throw new SluiceError("truncated", "The cassette ends in its first line", { raw, offset: bytes.length });
    }
    throw malformed(`A cassette begins with ${MAGIC}1`, raw, 0);
  }
  return { header, chunks, ...(end === undefined ? {} : { end }) };
}

const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

function malformed(message: string, raw: string, offset: number): SluiceError {
  return new SluiceError("malformed", `${message}; got ${excerpt(raw)}`, { raw, offset });
}

/** What is wrong with a line. */
class Complaint extends Error {}

type Fields = Record<string, unknown>;

function fieldsOf(line: Uint8Array): Fields {
  let value: unknown;
  try {
    value = JSON.parse(strictDecoder.decode(line)); // other bytes would become U+FFFD, and the body another one
  } catch (error) {
    throw new Complaint("each line is JSON in UTF-8", { cause: error });
  }
  if (isRecord(value)) return value;
  throw new Complaint("each line is a JSON object");
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function headerOf(fields: Fields): CassetteHeader {
  const { cassette: version } = fields;
  if (version === undefined) throw new Complaint(`the first line begins with ${MAGIC}1`);
  if (version !== 1) throw new Complaint("this reader knows version 1 of the format only");
  const request = optional(fields, "request", isRecord, "an object");
  const response = optional(fields, "response", isRecord, "an object");
  return {
    cassette: 1,
    ...given({
      recorded: optional(fields, "recorded", isText, "text"),
      request:
        request &&
        given({
          method: optional(request, "method", isText, "text"),
          url: optional(request, "url", isText, "text"),
          headers: optional(request, "headers", isHeaders, "an object of headers"),
        }),
      response:
        response &&
        given({
          status: optional(response, "status", isStatus, "a whole number from 200 to 599"),
          headers: optional(response, "headers", isHeaders, "an object of headers"),
          at: optional(response, "at", isNumber, "a number"),
        }),
    }),
  };
}

function chunkOf(fields: Fields): CassetteChunk {
  if ("cassette" in fields) throw new Complaint("a second cassette begins here, and a file holds one");
  const at = required(fields, "at", isNumber, "a number of milliseconds");
  if ("base64" in fields) return { at, bytes: bytesOf(fields, "base64") };
  const text = encoder.encode(required(fields, "text", isText, "text"));
  if (!("head" in fields || "tail" in fields)) return { at, bytes: text };
  return { at, bytes: concat([bytesOf(fields, "head"), text, bytesOf(fields, "tail")]) };
}

function endOf(fields: Fields): CassetteEnd {
  return {
    at: required(fields, "at", isNumber, "a number of milliseconds"),
    how: required(fields, "end", isEnding, '"closed", "cancelled" or "errored"'),
    ...given({
      name: optional(fields, "name", isText, "text"),
      message: optional(fields, "message", isText, "text"),
    }),
  };
}

const encoder = new TextEncoder();

function bytesOf(fields: Fields, name: string): Uint8Array {
  try {
    return fromBase64(optional(fields, name, isText, "base64") ?? "");
  } catch (error) {
    if (error instanceof Complaint) throw error;
    throw new Complaint(`"${name}" must be base64`, { cause: error });
  }
}

const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number" && value >= 0 && value < Infinity;
const isEnding = (value: unknown): value is CassetteEnd["how"] =>
  value === "closed" || value === "cancelled" || value === "errored";

/** A token of HTTP. */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Names and values as the Fetch standard has them; told without its `Headers`, which bare engines lack. */
function isHeaders(value: unknown): value is Record<string, string> {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([name, each]) => NAME.test(name) && isText(each) && /^[^\0\r\n\u0100-\uffff]*$/.test(each),
    )
  );
}

function required<T>(fields: Fields, name: string, is: (value: unknown) => value is T, what: string): T {
  const value = fields[name];
  if (is(value)) return value;
  throw new Complaint(`"${name}" must be ${what}`);
}

function optional<T>(fields: Fields, name: string, is: (value: unknown) => value is T, what: string): T | undefined {
  return fields[name] === undefined ? undefined : required(fields, name, is, what);
}

/** The same without what is not there. */
function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
