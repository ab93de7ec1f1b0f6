/**
 * A response whose body gives these chunks, one per pull: nothing is queued ahead, so what is measured is the reader and
 * not a queue. Built anew for each run and the same for every contender.
 */
export function response(chunks: readonly Uint8Array<ArrayBuffer>[], contentType: string): Response {
  let next = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = chunks[next++];
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );

  return new Response(body, { headers: { "content-type": contentType } });
}
