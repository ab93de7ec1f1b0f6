import { EventBoundary } from "../../shared/worker/boundary.ts";
import { HEARTBEAT, within } from "../../shared/worker/heartbeat.ts";
import { BROKEN } from "../about.ts";

/** An error as OpenAI writes it, in an event of its own. */
const BROKEN_EVENT = `data: ${JSON.stringify({ error: { message: "The connection to the provider broke", code: BROKEN } })}\n\n`;

/**
 * Passes a body of server-sent events on as it comes, byte for byte, and adds only what has to be said between events:
 *
 * - a heartbeat whenever there has been nothing for `interval` milliseconds
 * - an error event when the source breaks. A stream that fails is not enough: workerd ends the body of such a response as
 *   cleanly as that of any other.
 *
 * A timer exists only while a read waits.
 */
export function passOn(source: ReadableStream<Uint8Array>, interval: number): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const events = new EventBoundary();
  let reading: ReturnType<typeof reader.read> | undefined;

  return new ReadableStream(
    {
      async pull(controller) {
        try {
          reading ??= reader.read();
          const result = await (events.isBetween ? within(interval, reading) : reading);
          if (result === undefined) return controller.enqueue(HEARTBEAT);
          reading = undefined;
          if (result.done) return controller.close();
          events.see(result.value);
          controller.enqueue(result.value);
        } catch {
          controller.enqueue(encoded(events.isBetween ? BROKEN_EVENT : `\n\n${BROKEN_EVENT}`));
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
