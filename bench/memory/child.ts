/** The inside of `memory`, alone in a process that can collect its garbage on demand. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { serve } from "../hosts/lines.ts";
import { bufferParse, chat, decode, filterEmpty, flow, splitLines, splitSSE } from "../sluice.ts";
import { chatChunks } from "../workloads/chat.ts";
import { dataEvents } from "../workloads/frame.ts";

export type MemoryQuestion =
  /** Reads so many bytes, and says at each mark what the heap holds. */
  | { readonly ask: "read"; readonly way: Way; readonly bytes: number; readonly marks: number }
  /** Keeps the first value of each of so many chunks, and says what each of them holds on to. */
  | { readonly ask: "keep"; readonly way: Way; readonly chunks: number };

export interface MemoryAnswer {
  readonly values?: number;
  /** Bytes in use after a collection: at each mark, or for each kept value. */
  readonly heap?: readonly number[];
  /** The most bytes that the process had at once. */
  readonly resident?: number;
  readonly error?: string;
}

type Read = (body: Iterable<Uint8Array>) => AsyncIterable<unknown>;

/** What is read out of a body of chat events. */
export const ways = {
  values: (body) => flow(body, decode(), splitSSE(), filterEmpty(), bufferParse()),
  events: (body) => flow(body, decode(), splitSSE()),
  lines: (body) => flow(body, decode(), splitLines()),
  deltas: (body) => chat(body),
} as const satisfies Record<string, Read>;

export type Way = keyof typeof ways;

const CHUNK_BYTES = 65_536;

setFlagsFromString("--expose-gc"); // before the first context that is to have it
const collect: () => void = runInNewContext("gc");

await serve(async (question: MemoryQuestion): Promise<MemoryAnswer> => {
  try {
    const chunk = bodyChunk();
    return await (question.ask === "read"
      ? read(ways[question.way], chunk, question.bytes, question.marks)
      : keep(ways[question.way], chunk, question.chunks));
  } catch (error) {
    return { error: String(error) };
  }
});

async function read(way: Read, chunk: Uint8Array, bytes: number, marks: number): Promise<MemoryAnswer> {
  const heap: number[] = [];
  let values = 0;
  function* body(): Generator<Uint8Array> {
    for (let given = 0, mark = 1; given < bytes; given += chunk.length) {
      yield chunk.slice();
      if (given + chunk.length >= (bytes * mark) / marks) {
        heap.push(used());
        mark++;
      }
    }
  }
  for await (const _ of way(body())) values++;

  return { values, heap, resident: process.resourceUsage().maxRSS * 1024 };
}

async function keep(way: Read, chunk: Uint8Array, chunks: number): Promise<MemoryAnswer> {
  const kept: unknown[] = [];
  let begun = 0;
  function* body(): Generator<Uint8Array> {
    while (begun < chunks) {
      begun++;
      yield chunk.slice();
    }
  }
  const before = used();
  for await (const value of way(body())) if (kept.length < begun) kept.push(value);
  const after = used();

  return { values: kept.length, heap: [(after - before) / kept.length] };
}

/** 64 KiB of whole events: what a fast upstream's chunk holds. */
function bodyChunk(): Uint8Array {
  const events = dataEvents(chatChunks(300)).slice(1, -3); // neither the finish nor the sentinel: the answer goes on
  let text = "";
  while (text.length < CHUNK_BYTES) text += events.shift() ?? `: ${" ".repeat(CHUNK_BYTES - text.length)}\n`;

  return new TextEncoder().encode(text);
}

function used(): number {
  collect();
  collect(); // the first may leave what waits for its finalizers
  const { heapUsed, external } = process.memoryUsage();

  return heapUsed + external;
}
