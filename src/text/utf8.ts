/** How many bytes a UTF-8 character that begins with `lead` has; a byte that begins none stands alone. */
function claimedLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The index behind the character, or what there is of it, that begins at `start`. */
function characterEnd(bytes: Uint8Array, start: number): number {
  const claimed = start + claimedLength(bytes[start] ?? 0);
  let end = start + 1;
  while (end < claimed && isContinuation(bytes[end])) end++;
  return end;
}

const isContinuation = (byte = 0): boolean => (byte & 0xc0) === 0x80;

/** The length of `bytes` without a character at their end that more bytes could complete. */
export function completeLength(bytes: Uint8Array): number {
  const { length } = bytes;
  let start = length - 1;
  while (start > length - 3 && isContinuation(bytes[start])) start--;
  return start + claimedLength(bytes[start] ?? 0) > length ? start : length;
}

/** The first sequence in `bytes` that `decoder`, which is fatal, does not take. */
export function findIllFormed(bytes: Uint8Array, decoder: TextDecoder): Uint8Array {
  let sequence = bytes.subarray(0, 0);
  try {
    for (let start = 0; start < bytes.length; start += sequence.length) {
      sequence = bytes.subarray(start, characterEnd(bytes, start));
      decoder.decode(sequence);
    }
  } catch {
    // which is the one looked for
  }
  return sequence;
}
