import { anthropicEvents, anthropicText } from "./anthropic.ts";
import { chatChunks, chatText } from "./chat.ts";
import { corpusValues, hasCorpus } from "./corpus.ts";
import { type Cut, every, perFrame } from "./cut.ts";
import { dataEvents, jsonLines, namedEvents } from "./frame.ts";
import { ollamaLines } from "./ollama.ts";
import { responsesEvents } from "./responses.ts";

export type Framing = "sse" | "lines";

/** A named body: the same values in the same bytes in the same chunks, on every machine. Tests read them too. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly framing: Framing;
  /** How the values of the whole body come about. */
  readonly values: (count: number) => readonly unknown[];
  /** The answer's text, as the values hold it; undefined where the body is not one answer, and `chat` is no contender. */
  readonly text: ((count: number) => string) | undefined;
  /** The body in chunks. */
  readonly chunks: (count: number) => Uint8Array<ArrayBuffer>[];
}

/** Keeps the value's type between how it is made and how it is framed. */
function workload<T>(
  name: string,
  title: string,
  framing: Framing,
  values: (count: number) => T[],
  textOf: ((value: T) => string) | undefined,
  frames: (values: T[]) => string[],
  cut: Cut,
): Workload {
  return {
    name,
    title,
    framing,
    values,
    text: textOf && ((count) => values(count).map(textOf).join("")),
    chunks: (count) => cut(frames(values(count))),
  };
}

const multilingualChunks = (count: number) => chatChunks(count, "multilingual");

export const workloads: readonly Workload[] = [
  workload(
    "chat-event",
    "chat, ~300-byte events, 1 event per chunk",
    "sse",
    chatChunks,
    chatText,
    dataEvents,
    perFrame,
  ),
  workload("chat-16k", "chat, ~300-byte events, 16 KiB chunks", "sse", chatChunks, chatText, dataEvents, every(16_384)),
  workload("chat-64b", "chat, ~300-byte events, 64-byte chunks", "sse", chatChunks, chatText, dataEvents, every(64)),
  workload(
    "chat-utf8",
    "chat in many scripts, ~300-byte events, 1400-byte chunks",
    "sse",
    multilingualChunks,
    chatText,
    dataEvents,
    every(1400),
  ),
  workload(
    "anthropic",
    "Anthropic, ~120-byte named events, 1 event per chunk",
    "sse",
    anthropicEvents,
    anthropicText,
    namedEvents,
    perFrame,
  ),
  workload(
    "responses",
    "Responses, ~280-byte named events and a 100 KB line in 500, 16 KiB chunks",
    "sse",
    responsesEvents,
    undefined, // many answers
    namedEvents,
    every(16_384),
  ),
  workload(
    "ndjson",
    "NDJSON (Ollama), ~130-byte lines, 1 line per chunk",
    "lines",
    ollamaLines,
    ({ message }) => message.content,
    jsonLines,
    perFrame,
  ),
  ...(hasCorpus
    ? [
        workload(
          "corpus",
          "the recorded streams' events, from 20 bytes to several KB, 1 event per chunk",
          "sse",
          corpusValues,
          undefined,
          dataEvents,
          perFrame,
        ),
      ]
    : []),
];
