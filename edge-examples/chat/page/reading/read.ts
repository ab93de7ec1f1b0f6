import type { Deadlines } from "sluice/chat";
import type { Question } from "./ask.ts";
import type { Came, Told } from "./came.ts";

export interface Reading {
  /** Stops the answer, and the request. */
  signal: AbortSignal;
  deadlines: Deadlines;
}

/**
 * Asks, and gives what comes in batches, the answer's end in the last: read by a thread of its own, which no drawing keeps
 * waiting. Leaving the loop ends the request.
 */
export async function* read(question: Question, { signal, deadlines }: Reading): AsyncGenerator<Came[], void> {
  const reader = new Worker(readerAddress(), { type: "module" });
  const tell = (told: Told): void => reader.postMessage(told);
  const stop = (): void => tell({ type: "stop" });
  try {
    tell({ type: "ask", question, deadlines });
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    for (;;) {
      const batch = await next(reader);
      yield batch;
      if (batch.at(-1)?.type === "end") return;
      tell({ type: "more" });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    reader.terminate();
  }
}

/** A reader that does not even start is a connection that broke. */
function next(reader: Worker): Promise<Came[]> {
  return new Promise((resolve) => {
    reader.onmessage = ({ data }: MessageEvent<Came[]>) => resolve(data);
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
