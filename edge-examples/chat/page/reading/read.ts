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

const ADDRESS = "/reader.js";
const policy = window.trustedTypes?.createPolicy("reader", { createScriptURL: () => ADDRESS });

/** A thread of its own, which no drawing keeps waiting. It reads one answer at a time. */
class Reader {
  /** Whether it can be asked: not before the end of the answer before has come, and not once it has failed. */
  isFree = true;
  // Where Trusted Types are enforced only a policy makes an address that a script may be loaded from.
  readonly #worker = new Worker(policy?.createScriptURL(ADDRESS) ?? ADDRESS, { type: "module" });
  #take = (_: Came[]): void => undefined;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Came[]>) => {
      this.isFree = isEnd(data);
      this.#take(data);
    };
    this.#worker.onerror = () => {
      this.isFree = false;
      this.#take([{ type: "end", outcome: "truncated", cause: new TypeError("The reader has failed") }]);
    };
  }

  tell(told: Told): void {
    if (told.type === "ask") this.isFree = false;
    this.#worker.postMessage(told);
  }

  /** Waits for the next batch. Stopping does not wait for the reader: it may have much to do. */
  next(signal: AbortSignal): Promise<Came[]> {
    return new Promise((resolve) => {
      const stop = (): void => resolve([{ type: "end", outcome: "aborted", cause: signal.reason }]);
      if (signal.aborted) return stop();
      signal.addEventListener("abort", stop, { once: true });
      this.#take = (batch) => {
        signal.removeEventListener("abort", stop);
        resolve(batch);
      };
    });
  }
}

/** The page's only one. It is there before it is needed, and stays: where the network is dead no script can be loaded. */
let reader = new Reader();

/** Asks, and gives what comes in batches, the answer's end in the last. Leaving the loop ends the request. */
export async function* read(question: Question, { signal, deadlines }: Reading): AsyncGenerator<Came[], void> {
  if (!reader.isFree) {
    reader.tell({ type: "leave" });
    reader = new Reader();
  }
  const own = reader;
  let isOver = false;
  try {
    own.tell({ type: "ask", question, deadlines });
    while (true) {
      const batch = await own.next(signal);
      isOver = isEnd(batch);
      yield batch;
      if (isOver) return;
      await new Promise((resolve) => setTimeout(resolve, FRAME));
      own.tell({ type: "more" });
    }
  } finally {
    if (!isOver || signal.aborted) own.tell({ type: "stop" });
  }
}

function isEnd(batch: readonly Came[]): boolean {
  return batch.at(-1)?.type === "end";
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
