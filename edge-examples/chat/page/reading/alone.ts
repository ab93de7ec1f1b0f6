/** In bytes: a longer chunk is taken for many events, and not tried. */
const MAX_LENGTH = 10_000;

const decoder = new TextDecoder();

/** Whether the common way of reading would manage: this chunk by itself, without its `data: `, into `JSON.parse`. */
export function parsesAlone(bytes: Uint8Array): boolean {
  if (bytes.length > MAX_LENGTH) return false;
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes).replace(/^data: /, ""));
    return typeof value === "object" && value !== null; // a chunk of one digit is JSON, too, and nobody's answer
  } catch {
    return false;
  }
}
