/** In place of further chunks: the connection broke. */
export class Broken {
  readonly cause: unknown;

  constructor(cause: unknown) {
    this.cause = cause;
  }
}

/**
 * The same chunks, with a broken connection as a last value instead of an error: the stages after it then still have a word,
 * and the page gets a verdict instead of a dead connection of its own.
 */
export function untilBroken(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array | Broken> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (cause) {
          controller.enqueue(new Broken(cause));
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // nothing is read before it is wanted
  );
}
