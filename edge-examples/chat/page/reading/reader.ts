import { every } from "../later.ts";
import { ask } from "./ask.ts";
import type { Came, Told } from "./came.ts";

/** In milliseconds: a page draws no more often. */
const FRAME = 16;

/** How much the page takes at once: it should not be held up by its own news. */
const MAX_BATCH = 2000;

// The page's reader, a thread of its own. A page that draws reads late, and browsers count on those who read at once: WebKit
// copies all that waits with each chunk that joins it.
const stopper = new AbortController();
let waiting: Came[] = [];
let isAwaited = true;
const sending = every(FRAME, send);

addEventListener("message", ({ data: told }: MessageEvent<Told>) => {
  if (told.type === "ask") void read(told);
  else if (told.type === "stop") stopper.abort();
  else {
    isAwaited = true;
    if (waiting.length > 0) sending.request();
    if (waiting.length >= MAX_BATCH) sending.flush();
  }
});

async function read({ question, deadlines }: Extract<Told, { type: "ask" }>): Promise<void> {
  // This thread's clock began when the page asked.
  const onChunk = (bytes: Uint8Array): void => came({ type: "chunk", bytes, at: performance.now() });
  for await (const delta of ask(question, { signal: stopper.signal, deadlines, onChunk })) came(delta);
}

function came(what: Came): void {
  waiting.push(what);
  sending.request();
  if (what.type === "end") sending.flush();
}

function send(): void {
  if (!isAwaited || waiting.length === 0) return;
  isAwaited = false;
  const batch = waiting.slice(0, MAX_BATCH);
  waiting = waiting.slice(MAX_BATCH);
  postMessage(batch);
}
