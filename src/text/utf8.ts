/** How many bytes a UTF-8 character that begins with `lead` has; a byte that begins none stands alone. */
function claimedLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The length of `bytes` without a character at their end that more bytes could complete. */
export function completeLength(bytes: Uint8Array): number {
  for (let index = bytes.length - 1; index >= 0 && index >= bytes.length - 3; index--) {
    const byte = bytes[index];
    if (byte !== undefined && !isContinuation(byte)) {
      return index + claimedLength(byte) > bytes.length ? index : bytes.length;
    }
  }
  return bytes.length;
}

/** Finds the first sequence in `bytes` that is not UTF-8: `lossy` is what a TextDecoder made of them, BOM and all. */
export function findIllFormed(bytes: Uint8Array, lossy: string): Uint8Array {
  let start = 0;
  for (const character of lossy) {
    if (character === "\uFFFD" && !isReplacement(bytes, start)) break;
    start += encodedLength(character.codePointAt(0) ?? 0);
  }
  let end = start + 1;
  while (end < start + claimedLength(bytes[start] ?? 0) && isContinuation(bytes[end])) end++;
  return bytes.subarray(start, end);
}

/** Whether U+FFFD itself stands in `bytes` at `start`. */
function isReplacement(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === 0xef && bytes[start + 1] === 0xbf && bytes[start + 2] === 0xbd;
}

function encodedLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
