import { bufferParse, decode, filterEmpty, flow, map, splitSSE } from "sluice";
import type { Fault } from "../faults.ts";
import type { Delta, Failure, Note } from "../notes.ts";

export interface Message {
  role: "user" | "assistant";
  content: string;
}

export interface Question {
  messages: readonly Message[];
  faults: readonly Fault[];
  wire: boolean;
}

/**
 * Asks the Worker and reads its notes, ending always in exactly one `end`. It never throws: what went wrong, with the Worker,
 * the network or the provider, is said in the notes. Stopping through `signal` is an end, too, and no error.
 */
export async function* ask(question: Question, signal: AbortSignal): AsyncGenerator<Note, void> {
  try {
    const response = await fetch("/api/chat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...question, messages: recent(question.messages) }),
      signal,
    });
    if (!response.ok) {
      yield* failure(response.status, await response.text());
      return;
    }
    const notes = flow(response, decode(), splitSSE(), filterEmpty(), bufferParse<Note>(), map(known));
    for await (const note of notes) {
      yield note;
      if (note.type === "end") return;
    }
    yield { type: "end", outcome: "truncated", cause: "the connection to the Worker ended" };
  } catch (error) {
    if (signal.aborted) yield { type: "end", outcome: "aborted" };
    else yield { type: "end", outcome: "truncated", cause: `the connection to the Worker broke (${nameOf(error)})` };
  }
}

/** The Worker limits what it reads; the oldest messages are the ones that an answer needs least. */
const MAX_HISTORY_LENGTH = 60_000;

function recent(messages: readonly Message[]): Message[] {
  const kept: Message[] = [];
  let length = 0;
  for (const message of messages.toReversed()) {
    length += message.content.length;
    if (kept.length > 0 && length > MAX_HISTORY_LENGTH) break;
    kept.unshift(message);
  }
  return kept;
}

/** The Worker's JSON for what is no stream; anything else comes from something in between. */
function* failure(status: number, body: string): Generator<Delta> {
  let message = `The Worker answered HTTP ${status}`;
  let code: string | undefined;
  try {
    const { error }: Failure = JSON.parse(body);
    ({ message, code } = error);
  } catch {
    // Not the Worker's own words: the status has to do.
  }
  yield { type: "error", message, ...(code === undefined ? {} : { code }), raw: body.slice(0, 500) };
  yield { type: "end", outcome: "error" };
}

function known(note: Note): Note {
  if (typeof note?.type !== "string") throw new TypeError("The Worker sent something that is no note");
  return note;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
