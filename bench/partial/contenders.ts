import { bufferParse, flow, partialJSON, type Stage } from "../sluice.ts";

/** One way to read the chunks of one JSON document. It shows every value it gets to `look`, in order. */
export interface Contender {
  readonly title: string;
  readonly task: "partial" | "whole";
  /** The chunks' size in characters. */
  readonly size: number;
  readonly read: (chunks: readonly string[], look: (value: unknown) => void) => Promise<void> | void;
}

/** By its name on the command line. Rivals are imported where they are used, so that each process has only its own. */
export const contenders: Readonly<Record<string, Contender>> = {
  jsonriver: {
    title: "jsonriver",
    task: "partial",
    size: 5,
    async read(chunks, look) {
      const { parse } = await import("jsonriver");
      for await (const value of parse(stream(chunks))) look(value);
    },
  },
  mutable: {
    title: "partialJSON({ mutable: true }), its heart",
    task: "partial",
    size: 5,
    read: (chunks, look) => push(partialJSON({ mutable: true }), chunks, ({ value }) => look(value)),
  },
  "mutable-flow": {
    title: "partialJSON({ mutable: true }), by flow",
    task: "partial",
    size: 5,
    async read(chunks, look) {
      for await (const { value } of flow(stream(chunks), partialJSON({ mutable: true }))) look(value);
    },
  },
  immutable: {
    title: "partialJSON(), its heart",
    task: "partial",
    size: 5,
    read: (chunks, look) => push(partialJSON(), chunks, ({ value }) => look(value)),
  },
  "immutable-flow": {
    title: "partialJSON(), by flow",
    task: "partial",
    size: 5,
    async read(chunks, look) {
      for await (const { value } of flow(stream(chunks), partialJSON())) look(value);
    },
  },
  "streamparser-5": {
    title: "@streamparser/json, 5-character chunks",
    task: "whole",
    size: 5,
    async read(chunks, look) {
      const { JSONParser } = await import("@streamparser/json");
      const parser = new JSONParser({ paths: ["$"] });
      parser.onValue = ({ value }) => look(value);
      for (const chunk of chunks) parser.write(chunk);
    },
  },
  "bufferParse-5": {
    title: "bufferParse, 5-character chunks",
    task: "whole",
    size: 5,
    read: (chunks, look) => push(bufferParse({ framed: false }), chunks, look),
  },
  "bufferParse-1k": {
    title: "bufferParse, 1 KiB chunks",
    task: "whole",
    size: 1024,
    read: (chunks, look) => push(bufferParse({ framed: false }), chunks, look),
  },
  "JSON.parse": {
    title: "JSON.parse on the whole",
    task: "whole",
    size: Number.POSITIVE_INFINITY,
    read: ([text = ""], look) => look(JSON.parse(text)),
  },
};

/** Both take it as a source: a stream of which nothing is queued ahead. */
async function* stream(chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

function push<Out>(stage: Stage<string, Out>, chunks: readonly string[], look: (value: Out) => void): void {
  const sink = stage.connect({ push: look, end: () => undefined });
  for (const chunk of chunks) sink.push(chunk);
  sink.end();
}
