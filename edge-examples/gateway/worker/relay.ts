import { EventBoundary } from "../../shared/worker/boundary.ts";
import { HEARTBEAT, within } from "../../shared/worker/heartbeat.ts";
import type { Config } from "./config.ts";
import type { Exchange } from "./exchange.ts";
import { type GatewayError, stalled } from "./failure.ts";

/** Milliseconds in which a connection may end by itself when the answer has proved itself whole. */
const MOMENT = 1000;

export interface RelayOptions {
  config: Config;
  exchange: Exchange;
  /** Whether the bytes are events: then there is room for comments between them, and for an error behind them. */
  isEvents: boolean;
  /** Sees each chunk on its way. */
  onChunk?: (chunk: Uint8Array) => void;
  /** What is wrong with an answer that has ended, if anything is; `cause` is there when its connection broke. */
  problem: (cause?: unknown) => GatewayError | undefined;
}

/**
 * Passes an answer on to the client, chunk by chunk, each when it is asked for. An answer that is not whole never ends as a
 * whole one does. Among events it is an event that says so: workerd ends a response in good order when its body fails, and
 * elsewhere a connection that is reset can lose what was last sent.
 */
export function relay(
  source: ReadableStream<Uint8Array>,
  { config: { heartbeat, idle }, exchange, isEvents, onChunk, problem }: RelayOptions,
): ReadableStream<Uint8Array> {
  const { record } = exchange;
  const reader = source.getReader();
  const boundary = new EventBoundary();
  let reading: ReturnType<typeof reader.read> | undefined;
  let silence = 0; // milliseconds
  let isOver = false;

  type Controller = ReadableStreamDefaultController<Uint8Array>;

  async function pull(controller: Controller): Promise<void> {
    for (;;) {
      reading ??= reader.read();
      const limit = record.outcome === "complete" ? MOMENT : idle;
      const patience = Math.max(0, Math.min(heartbeat || limit, limit - silence));
      let result: Awaited<typeof reading> | undefined;
      try {
        result = await within(patience, reading);
      } catch (cause) {
        if (!isOver) conclude(controller, problem(cause));
        return;
      }
      if (isOver) return;
      if (result === undefined) {
        silence += patience;
        if (silence >= limit) return giveUp(controller);
        if (isEvents && boundary.isBetween) return controller.enqueue(HEARTBEAT);
        continue;
      }
      if (result.done) return conclude(controller, problem());
      reading = undefined;
      silence = 0;
      boundary.see(result.value);
      onChunk?.(result.value);
      return controller.enqueue(result.value);
    }
  }

  function giveUp(controller: Controller): void {
    record.decide("stalled");
    const failure = stalled(idle);
    exchange.stop(failure);
    conclude(controller, record.outcome === "complete" ? undefined : failure);
  }

  function conclude(controller: Controller, failure: GatewayError | undefined): void {
    isOver = true;
    if (failure === undefined) {
      record.write("complete");
      return controller.close();
    }
    record.note({ error: failure.code });
    record.write("error");
    if (!isEvents) return controller.error(failure);
    const event = `${boundary.isBetween ? "" : "\n\n"}data: ${JSON.stringify(failure)}\n\n`;
    controller.enqueue(new TextEncoder().encode(event));
    controller.close();
  }

  /** The client has left: no read waits any longer, neither the client's nor the one here. workerd would keep both for good. */
  function letGo(controller: Controller): void {
    if (isOver) return;
    isOver = true;
    controller.close();
    reader.cancel(exchange.client.reason).catch(() => undefined); // who was to hear it has left
  }

  return new ReadableStream(
    {
      start(controller) {
        exchange.client.addEventListener("abort", () => letGo(controller));
      },
      pull,
      cancel(reason) {
        isOver = true;
        exchange.leave(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
