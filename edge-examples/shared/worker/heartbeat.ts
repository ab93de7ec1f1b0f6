/** A comment: every reader of events skips it. */
export const HEARTBEAT: Uint8Array<ArrayBuffer> = new TextEncoder().encode(": keep-alive\n\n");

/**
 * Writes a comment whenever the source has had nothing to say for `interval` milliseconds. It keeps proxies from giving up, and
 * it is how workerd finds out that the page has gone while the upstream is silent: a closed connection shows itself only when
 * something is written to it.
 *
 * Each chunk of the source must hold whole events. A timer exists only while a read waits.
 */
export function withHeartbeat(source: ReadableStream<Uint8Array>, interval: number): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let reading: ReturnType<typeof reader.read> | undefined;

  return new ReadableStream(
    {
      async pull(controller) {
        reading ??= reader.read();
        const result = await within(interval, reading);
        if (result === undefined) return controller.enqueue(HEARTBEAT);
        reading = undefined;
        if (result.done) controller.close();
        else controller.enqueue(result.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What the promise resolves to, or undefined when it takes longer. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
