import { completeLength } from "../text/utf8.js";
import { toBase64 } from "./base64.js";
import type { Cassette, CassetteChunk, CassetteEnd, CassetteHeader } from "./cassette.js";

/**
 * A cassette as text, in the format of docs/cassette.md. `parseCassette` reads it back.
 *
 * @example
 * ```ts
 * import { formatCassette } from "sluice/cassette";
 *
 * const bytes = new TextEncoder().encode("data: [DONE]\n\n");
 * console.log(formatCassette({ header: { cassette: 1 }, chunks: [{ at: 0.5, bytes }], end: { at: 1, how: "closed" } }).trimEnd());
 * // → {"cassette":1}
 * // → {"at":0.5,"text":"data: [DONE]\n\n"}
 * // → {"at":1,"end":"closed"}
 * ```
 */
export function formatCassette({ header, chunks, end }: Cassette): string {
  return [headerLine(header), ...chunks.map(chunkLine), ...(end === undefined ? [] : [endLine(end)])].join("");
}

/** The first line. */
export function headerLine({ cassette, recorded, request, response }: CassetteHeader): string {
  return line({ cassette, recorded, request, response }); // in this order: a reader knows the format by its first bytes
}

/** The line of a chunk: as text wherever it is UTF-8, so that `grep` and eyes find it. */
export function chunkLine({ at, bytes }: CassetteChunk): string {
  const text = textOf(bytes);
  if (text !== undefined) return line({ at: time(at), text });
  // Perhaps only the chunk's ends are not: parts of characters that its borders cut.
  const start = bytes.subarray(0, 3).findIndex((byte) => (byte & 0xc0) !== 0x80);
  const end = completeLength(bytes);
  const middle = start === -1 || start >= end ? undefined : textOf(bytes.subarray(start, end));
  if (middle === undefined) return line({ at: time(at), base64: toBase64(bytes) });
  return line({
    at: time(at),
    head: start === 0 ? undefined : toBase64(bytes.subarray(0, start)),
    text: middle,
    tail: end === bytes.length ? undefined : toBase64(bytes.subarray(end)),
  });
}

/** The last line. */
export function endLine({ at, how, name, message }: CassetteEnd): string {
  return line({ at: time(at), end: how, name, message });
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text whose bytes these are, if they are UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Microseconds are enough. */
function time(at: number): number {
  return Math.round(at * 1000) / 1000;
}

/** One line of JSON that stays one in every editor, and says nothing to a terminal that shows it. */
function line(value: object): string {
  return `${JSON.stringify(value).replace(UNPRINTABLE, escaped)}\n`;
}

// DEL and the C1 controls (among them one that begins terminal sequences), line and paragraph separators, byte order marks.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
