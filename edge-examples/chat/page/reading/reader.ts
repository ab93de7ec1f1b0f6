import { nextTask } from "../next-task.ts";
import type { Read } from "./ahead.ts";
import { parsesAlone } from "./alone.ts";
import { ask } from "./ask.ts";
import type { Told } from "./came.ts";
import { Outbox } from "./outbox.ts";

/** For how many milliseconds deltas are taken from what has come before more may come. */
const SLICE = 8;

/** In milliseconds: WebKit goes on with the request of a thread that ends at once. */
const MOMENT = 1000;

// The page's reader, a thread of its own, which no drawing keeps waiting. The page asks again only when an answer is over.
let stopper = new AbortController();
let outbox = new Outbox();

addEventListener("message", ({ data: told }: MessageEvent<Told>) => {
  if (told.type === "ask") {
    stopper = new AbortController();
    outbox = new Outbox();
    void answer(told, stopper, outbox);
  } else if (told.type === "more") outbox.more();
  else {
    stopper.abort();
    outbox.empty();
    if (told.type === "leave") setTimeout(close, MOMENT);
  }
});

async function answer(
  { question, deadlines }: Extract<Told, { type: "ask" }>,
  stopper: AbortController,
  out: Outbox,
): Promise<void> {
  const began = performance.now();
  const onChunk = ({ bytes, at }: Read): void =>
    out.add({ type: "chunk", bytes, at: at - began, parsesAlone: parsesAlone(bytes) });
  let until = began + SLICE;
  try {
    for await (const delta of ask(question, { signal: stopper.signal, deadlines, onChunk })) {
      out.add(delta);
      if (performance.now() < until) continue;
      await nextTask();
      until = performance.now() + SLICE;
    }
  } catch (cause) {
    stopper.abort(); // deadlines, say, that are none
    out.add({ type: "end", outcome: "truncated", cause });
  }
}
