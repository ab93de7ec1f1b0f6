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
 * A timer exists only while a read waits, and no read once `client` aborts because the client has left: workerd would keep
 * that read for good, with all that hangs on it.
 */
export function passOn(
  source: ReadableStream<Uint8Array>,
  interval: number,
  client: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const events = new EventBoundary();
  let reading: ReturnType<typeof reader.read> | undefined;
  let isOver = false;

  return new ReadableStream(
    {
      start(controller) {
        client.addEventListener("abort", () => {
          if (isOver) return;
          isOver = true;
          controller.close();
          reader.cancel(client.reason).catch(() => undefined); // who was to hear it has left
        });
      },
      async pull(controller) {
        let last: string | undefined; // what there is to say at the end
        try {
          reading ??= reader.read();
          const result = await (events.isBetween ? within(interval, reading) : reading);
          if (isOver) return;
          if (result === undefined) return controller.enqueue(HEARTBEAT);
          reading = undefined;
          if (!result.done) {
            events.see(result.value);
            return controller.enqueue(result.value);
          }
        } catch {
          if (isOver) return;
          last = events.isBetween ? BROKEN_EVENT : `\n\n${BROKEN_EVENT}`;
        }
        isOver = true;
        if (last !== undefined) controller.enqueue(new TextEncoder().encode(last));
        controller.close();
      },
      cancel(reason) {
        isOver = true;
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
