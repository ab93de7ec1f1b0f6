import { type Answer, chatIn, type Deadlines, inlineThink, openaiChat } from "sluice/chat";
import type { Fault } from "../../faults.ts";
import type { ChatMessage } from "../history.ts";
import { type Read, readAhead } from "./ahead.ts";

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
  /** Sees each chunk as the network gave it, before what comes of it. */
  onChunk: (chunk: Read) => void;
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
  const watched = response.then((given) =>
    given.body === null ? given : new Response(readAhead(given.body, onChunk), given),
  );
  return chat(watched, { signal, deadlines, think: inlineThink });
}
