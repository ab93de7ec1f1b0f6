/** Bytes as the network gave them, and when: in milliseconds on this thread's clock. */
export interface Read {
  bytes: Uint8Array;
  at: number;
}

/**
 * The same bytes, read as fast as they come however slowly they are asked for. WebKit's fetch keeps what waits for its reader in
 * a list that it copies for each further chunk: 2,000 cost 0.1 s, and soon more come than can be copied.
 *
 * @param onTaken sees each chunk when it is asked for
 */
export function readAhead(
  body: ReadableStream<Uint8Array>,
  onTaken: (taken: Read) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let ahead: Read[] = [];
  let taken = 0;
  let isOver = false;
  let wake = (): void => undefined;
  const over = (async () => {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        ahead.push({ bytes: value, at: performance.now() });
        wake();
      }
    } finally {
      isOver = true;
      wake();
    }
  })();
  over.catch(() => undefined); // it is told when all before it has been taken

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    if (taken === ahead.length) {
      ahead = [];
      taken = 0;
      if (!isOver) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    const next = ahead[taken++];
    if (next === undefined) {
      await over;
      return controller.close();
    }
    onTaken(next);
    controller.enqueue(next.bytes);
  }

  return new ReadableStream({ pull, cancel: (reason) => reader.cancel(reason) }, { highWaterMark: 0 });
}
