import type { Deadlines } from "sluice/chat";
import type { Question } from "./ask.ts";
import type { Came, Told } from "./came.ts";

export interface Reading {
  /** Stops the answer, and the request. */
  signal: AbortSignal;
  deadlines: Deadlines;
}

/** In milliseconds: a page draws no more often. */
const FRAME = 16;

/**
 * Asks, and gives what comes in batches, the answer's end in the last: read by a thread of its own, which no drawing keeps
 * waiting. Leaving the loop ends the request.
 */
export async function* read(question: Question, { signal, deadlines }: Reading): AsyncGenerator<Came[], void> {
  const reader = new Worker(readerAddress(), { type: "module" });
  const tell = (told: Told): void => reader.postMessage(told);
  try {
    tell({ type: "ask", question, deadlines });
    for (;;) {
      const batch = await next(reader, signal);
      yield batch;
      if (batch.at(-1)?.type === "end") return;
      await new Promise((resolve) => setTimeout(resolve, FRAME));
      tell({ type: "more" });
    }
  } finally {
    tell({ type: "stop" }); // and so to end: WebKit goes on with the request of a reader that is only terminated
  }
}

/** A reader that does not even start is a connection that broke. Stopping does not wait for the reader: it may have much to do. */
function next(reader: Worker, signal: AbortSignal): Promise<Came[]> {
  return new Promise((resolve) => {
    const stop = (): void => resolve([{ type: "end", outcome: "aborted", cause: signal.reason }]);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    reader.onmessage = ({ data }: MessageEvent<Came[]>) => {
      signal.removeEventListener("abort", stop);
      resolve(data);
    };
    reader.onerror = () => resolve([{ type: "end", outcome: "truncated", cause: new Error("The reader has failed") }]);
  });
}

declare global {
  interface Window {
    trustedTypes?: {
      createPolicy: (
        name: string,
        rules: { createScriptURL: () => string },
      ) => { createScriptURL: (url: string) => string };
    };
  }
}

const ADDRESS = "/reader.js";
const policy = window.trustedTypes?.createPolicy("reader", { createScriptURL: () => ADDRESS });

/** Where Trusted Types are enforced only a policy makes an address that a script may be loaded from. */
function readerAddress(): string {
  return policy?.createScriptURL(ADDRESS) ?? ADDRESS;
}
