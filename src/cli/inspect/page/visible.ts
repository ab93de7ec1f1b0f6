/**
 * A piece of a chunk, for drawing: ASCII text and characters of several bytes as they are, control characters as escapes, and
 * bytes of characters that were cut.
 */
export interface Piece {
  kind: "text" | "wide" | "control" | "bytes";
  text: string;
  /** How many bytes it is. */
  bytes: number;
}

/**
 * Makes the bytes of a chunk visible by themselves, as nothing else of the stream would help a reader of this chunk alone:
 * a character that the cut has split shows as bytes. A run of text is one piece, so are two characters of several bytes.
 */
export function visible(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], text: string, length: number): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind && (kind === "text" || kind === "wide")) {
      last.text += text;
      last.bytes += length;
    } else pieces.push({ kind, text, bytes: length });
  };

  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === 0x7f) {
      add("control", escaped(byte), 1);
      at += 1;
    } else if (byte < 0x80) {
      let end = at + 1;
      while (end < bytes.length && isVisibleASCII(bytes[end])) end++;
      add("text", decoder.decode(bytes.subarray(at, end)), end - at);
      at = end;
    } else {
      const length = characterLength(bytes, at);
      if (length === 0) add("bytes", hex(byte), 1);
      else add("wide", decoder.decode(bytes.subarray(at, at + length)), length);
      at += Math.max(length, 1);
    }
  }
  return pieces;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isVisibleASCII(byte = 0): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

/** The length of the whole character of two bytes or more at `at`, or 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

const ESCAPES: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r" };

function escaped(byte: number): string {
  return ESCAPES[byte] ?? `\\x${hex(byte).toLowerCase()}`;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
