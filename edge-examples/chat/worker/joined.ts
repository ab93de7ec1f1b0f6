/** Milliseconds between two chunks, as far as they are not full. */
const APART = 4;

/** In bytes: a chunk is full, and goes out at once. */
const FULL = 64 * 1024;

/**
 * The bytes of a source in fewer chunks: what comes soon after a chunk waits for what else comes until `APART` is over; after a
 * pause only what is at hand goes together (workerd gives every chunk of HTTP/1.1 in two reads). A token may be several chunks,
 * and each costs every hop from here to the page more than its bytes do: at thousands a second WebKit can do nothing else.
 */
export function joined(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let reading: ReturnType<typeof reader.read> | undefined;
  let sent = -Infinity;
  let hasLeft = false;

  const read = (): ReturnType<typeof reader.read> => {
    reading ??= reader.read();
    return reading;
  };

  /** A chunk, and what comes until then. Whatever else a read may bring is left to the next one who asks. */
  async function withOthers(first: Uint8Array, end: number): Promise<Uint8Array> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const pause = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), Math.max(0, end - performance.now()));
    });
    const parts = [first];
    let { length } = first;
    while (length < FULL) {
      const result = await Promise.race([read(), pause]).catch(() => undefined);
      if (result === undefined || result.done) break;
      reading = undefined;
      parts.push(result.value);
      length += result.value.length;
    }
    clearTimeout(timer);
    return concat(parts, length);
  }

  return new ReadableStream(
    {
      async pull(controller) {
        const result = await read();
        if (hasLeft) return;
        if (result.done) return controller.close();
        reading = undefined;
        const chunk = await withOthers(result.value, sent + APART);
        if (hasLeft) return;
        sent = performance.now();
        controller.enqueue(chunk);
      },
      cancel(reason) {
        hasLeft = true;
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
