import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { bufferParse, decode, splitSSE } from "sluice";
import { describe, expect, test } from "vitest";
import { pieces, someCuts } from "./support/cuts.ts";
import { literalSSE, type Tail } from "./support/literal-sse.ts";
import { reading } from "./support/pipelines.ts";
import { type Pipeline, runHearts, valuesOf } from "./support/run.ts";
import { expectSame } from "./support/same.ts";
import { canonical } from "./support/transcript.ts";

// Recorded streams are no part of the project. SLUICE_CORPUS names a folder of them, in folders of any depth:
// *.sse, *.ndjson, *.chunks (a JSON text a line) and *.json (one value). Other files are left alone.

const folder = process.env["SLUICE_CORPUS"];

const readers: Record<string, (bytes: Uint8Array) => void> = {
  ".sse": (bytes) => {
    const text = new TextDecoder().decode(bytes);
    for (const tail of ["discard", "dispatch"] as const) assertSameEvents(bytes, text, tail);
    const frames = literalSSE(text, "dispatch").events.map(({ data }) => data);
    assertSameValues(reading.sse.reporting, bytes, frames.filter(isFull));
  },
  ".ndjson": assertSameLines,
  ".chunks": assertSameLines,
  ".json": (bytes) => {
    const text = new TextDecoder().decode(bytes);
    assertSameValues(() => [decode(), bufferParse({ framed: false })], bytes, [text]);
    assertSameValues(() => [decode(), bufferParse()], bytes, [text]);
  },
};

function assertSameLines(bytes: Uint8Array): void {
  assertSameValues(reading.lines.reporting, bytes, new TextDecoder().decode(bytes).split(/\r?\n/).filter(isFull));
}

const isFull = (frame: string): boolean => !["", "[DONE]"].includes(frame.trim());

function assertSameEvents(bytes: Uint8Array, text: string, tail: Tail): void {
  const { events } = literalSSE(text, tail);
  for (const { name, at } of someCuts(bytes)) {
    expectSame(valuesOf([decode(), splitSSE({ tail })], pieces(bytes, at)), events, name);
  }
}

/** Frames that are JSON give their values, whatever the cuts; of what is none, an error says so. */
function assertSameValues(pipeline: Pipeline, bytes: Uint8Array, frames: readonly string[]): void {
  const values: string[] = [];
  const strange: string[] = [];
  for (const frame of frames) {
    try {
      values.push(canonical(JSON.parse(frame)));
    } catch {
      strange.push(frame);
    }
  }
  const { transcript, log } = runHearts(pipeline, { chunks: [bytes] });
  if (strange.length === 0) expectSame(transcript, { values, reports: [], ended: true });
  else expect(transcript.reports.length + (transcript.error === undefined ? 0 : 1)).toBeGreaterThan(0);
  for (const { name, at } of someCuts(bytes)) {
    expectSame(runHearts(pipeline, { chunks: pieces(bytes, at) }).log, log, name);
  }
}

describe("recorded streams", () => {
  if (folder === undefined) {
    test.skip("SLUICE_CORPUS is not set: it names a folder of recorded streams");
    return;
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => extname(file) in readers);

  test("there are some", () => expect(files.length).toBeGreaterThan(0));

  test.for(files.sort())("%s", (file) => readers[extname(file)]?.(readFileSync(join(folder, file))));
});
