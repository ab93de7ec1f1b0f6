import type { Bytes } from "./ahead.ts";
import { ask } from "./ask.ts";
import type { Came, Told } from "./came.ts";
import { nextTask } from "./next-task.ts";

/** How much the page takes at once: it should not be held up by its own news. */
const MAX_BATCH = 2000;

/** For how many milliseconds deltas are taken from what has come before more may come. */
const SLICE = 8;

// The page's reader, a thread of its own, which no drawing keeps waiting.
const stopper = new AbortController();
let waiting: Came[] = [];
let isAwaited = true;
let isSending = false;
let isOver = false;

addEventListener("message", ({ data: told }: MessageEvent<Told>) => {
  if (told.type === "ask") return void read(told);
  if (told.type === "stop") return stopper.abort();
  isAwaited = true;
  send();
});

async function read({ question, deadlines }: Extract<Told, { type: "ask" }>): Promise<void> {
  // Its clock began when the page asked.
  const onChunk = (chunk: Bytes): void => came({ type: "chunk", ...chunk });
  let until = performance.now() + SLICE;
  for await (const delta of ask(question, { signal: stopper.signal, deadlines, onChunk })) {
    came(delta);
    if (performance.now() < until) continue;
    await nextTask();
    until = performance.now() + SLICE;
  }
  if (stopper.signal.aborted) close(); // the page has left
}

function came(what: Came): void {
  if (isOver) return; // a chunk behind the end
  isOver = what.type === "end";
  waiting.push(what);
  if (!isAwaited || isSending) return;
  isSending = true;
  void nextTask().then(() => {
    isSending = false;
    send(); // with all that has come with it
  });
}

function send(): void {
  if (!isAwaited || waiting.length === 0) return;
  isAwaited = false;
  const batch = waiting.slice(0, MAX_BATCH);
  waiting = waiting.slice(MAX_BATCH);
  postMessage(batch);
}
