import { type Answer, chatIn, type Deadlines, openaiChat } from "sluice/chat";
import type { Fault } from "../../faults.ts";
import type { ChatMessage } from "../history.ts";

/** The Worker asks in this dialect and no other, so the page holds no other. */
const chat = chatIn(openaiChat);

export interface Question {
  messages: readonly ChatMessage[];
  /** How the embedded upstream should misbehave. */
  faults: readonly Fault[];
}

export interface Asking {
  /** Stops the answer, and the request. */
  signal: AbortSignal;
  deadlines: Deadlines;
  /** Sees each chunk as the network gave it. */
  onChunk?: (bytes: Uint8Array) => void;
}

/**
 * Asks, and reads the provider's own stream, which the Worker passes on: whether the answer is whole is decided here, from end
 * to end. It never throws; what went wrong, with the network, the Worker or the provider, is in the answer's deltas.
 */
export function ask(question: Question, { signal, deadlines, onChunk }: Asking): Answer {
  const response = fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  const watched = onChunk === undefined ? response : response.then((given) => watch(given, onChunk));
  return chat(watched, { signal, deadlines, think: true });
}

/** The same response, its chunks seen when they are asked for. (`flow` and `tap` would do it, for 2 kB.) */
function watch(response: Response, onChunk: (bytes: Uint8Array) => void): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        onChunk(value);
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}
