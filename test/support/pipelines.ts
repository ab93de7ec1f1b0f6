import type { Fixture } from "../fixtures/index.ts";
import type { Pipeline } from "./run.ts";
import { bufferParse, decode, filterEmpty, splitLines, splitSSE } from "./watched.ts";

/** The stages that read each framing: errors reported and read past where that is possible, and thrown. */
export const reading: Record<Fixture["framing"], { reporting: Pipeline; throwing: Pipeline }> = {
  sse: {
    reporting: (onError) => [decode(), splitSSE(), filterEmpty(), bufferParse({ onError })],
    throwing: () => [decode(), splitSSE(), filterEmpty(), bufferParse()],
  },
  lines: {
    reporting: (onError) => [decode(), splitLines(), filterEmpty(), bufferParse({ onError })],
    throwing: () => [decode(), splitLines(), filterEmpty(), bufferParse()],
  },
  bare: {
    reporting: () => [decode(), bufferParse({ framed: false })],
    throwing: () => [decode(), bufferParse({ framed: false })],
  },
};

export const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
