/** Ways to cut a body. Every chunk is a copy with memory of its own, as chunks from a network are. */
export type Cut = (frames: readonly string[]) => Uint8Array<ArrayBuffer>[];

/** A chunk per event: what a provider that flushes after every token gives. */
export const perFrame: Cut = (frames) => {
  const encoder = new TextEncoder();

  return frames.map((frame) => encoder.encode(frame).slice());
};

/** Chunks of equal size wherever that cuts, inside a character if it falls so. */
export function every(size: number): Cut {
  return (frames) => {
    const bytes = new TextEncoder().encode(frames.join(""));
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.slice(start, start + size));

    return chunks;
  };
}
