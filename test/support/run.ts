import type { Sink, SluiceError, Stage } from "sluice";
import { countedStream, type SourceEnd } from "./sources.ts";
import { recordOf, type Transcript, transcriptValues } from "./transcript.ts";
import { flow, fuse } from "./watched.ts";

/** Any stage: what goes in is the caller's business, what comes out is compared as it is. */
export type AnyStage = Stage<never, unknown>;

/** Fresh stages for each run, for their streams are used once; `report` is what to give as `onError`. */
export type Pipeline = (report: (error: SluiceError) => void) => readonly AnyStage[];

/** The chunks of a source, and how it ends. */
export interface Input extends SourceEnd {
  chunks: readonly unknown[];
}

type Way = (pipeline: Pipeline, input: Input) => Promise<Transcript>;

/** Every way of running stages. They must not differ. */
export const ways: Record<"hearts" | "separate" | "fused" | "flow" | "flow.readable", Way> = {
  hearts: async (pipeline, input) => runHearts(pipeline, input).transcript,

  separate: (pipeline, input) =>
    gather(pipeline, (stages) =>
      stages.reduce<ReadableStream<unknown>>((stream, stage) => stream.pipeThrough(stage), streamOf(input)),
    ),

  fused: (pipeline, input) => gather(pipeline, (stages) => streamOf(input).pipeThrough(fuseList(stages))),

  flow: (pipeline, input) => gather(pipeline, (stages) => flowList(streamOf(input), stages)),

  "flow.readable": (pipeline, input) => gather(pipeline, (stages) => flowList(streamOf(input), stages).readable),
};

export interface HeartsRun {
  transcript: Transcript;
  /** Values and reports in the order in which the hearts gave them. */
  log: readonly unknown[];
}

/** Runs the hearts alone: no streams, no promises. */
export function runHearts(pipeline: Pipeline, input: Input): HeartsRun {
  const log: unknown[] = [];
  const values: unknown[] = [];
  const reports: SluiceError[] = [];
  let ends = 0;
  let error: unknown;
  let failed = false;

  const stages = pipeline((report) => {
    reports.push(report);
    log.push(report);
  });
  const out: Sink<unknown> = {
    push(value) {
      if (ends > 0) return;
      values.push(value);
      log.push(value);
    },
    end() {
      ends++;
    },
  };
  try {
    const sink = connectAll(stages, out);
    for (const chunk of input.chunks) {
      if (ends === 0) sink.push(chunk);
    }
    if (ends === 0) {
      if ("fails" in input) throw input.fails;
      sink.end();
    }
  } catch (thrown) {
    failed = ends === 0; // behind the end an error is nobody's
    error = thrown;
  }
  return { transcript: transcriptOf(values, reports, failed, error, ends > 0), log };
}

/** The stages' hearts, one behind the other, in front of `out`. */
export function connectAll(stages: readonly AnyStage[], out: Sink<unknown>): Sink<unknown> {
  return widen(stages).reduceRight((next, stage) => stage.connect(next), out);
}

/** The values of the hearts alone; what they throw is thrown. */
export function valuesOf<Out>(stages: Stage<never, Out> | readonly AnyStage[], chunks: readonly unknown[]): Out[] {
  const values: unknown[] = [];
  const sink = connectAll(Array.isArray(stages) ? stages : [stages], {
    push: (value) => void values.push(value),
    end() {},
  });
  for (const chunk of chunks) sink.push(chunk);
  sink.end();
  return values as Out[];
}

/** `fuse` for a list whose length is not known. */
export function fuseList(stages: readonly AnyStage[]): Stage<unknown, unknown> {
  return (fuse as unknown as (...stages: Stage<unknown, unknown>[]) => Stage<unknown, unknown>)(...widen(stages));
}

/** `flow` for a list whose length is not known. */
export function flowList(source: unknown, stages: readonly AnyStage[]): FlowLike {
  return (flow as unknown as (source: unknown, ...stages: Stage<unknown, unknown>[]) => FlowLike)(
    source,
    ...widen(stages),
  );
}

export interface FlowLike extends AsyncIterable<unknown> {
  readable: ReadableStream<unknown>;
  cancel: (reason?: unknown) => Promise<void>;
}

function widen(stages: readonly AnyStage[]): Stage<unknown, unknown>[] {
  return stages as readonly Stage<unknown, unknown>[] as Stage<unknown, unknown>[];
}

function streamOf({ chunks, ...end }: Input): ReadableStream<unknown> {
  return countedStream(chunks, end).stream;
}

async function gather(
  pipeline: Pipeline,
  open: (stages: readonly AnyStage[]) => ReadableStream<unknown> | AsyncIterable<unknown>,
): Promise<Transcript> {
  const values: unknown[] = [];
  const reports: SluiceError[] = [];
  try {
    await readInto(values, open(pipeline((report) => reports.push(report))));
    return transcriptOf(values, reports, false, undefined, true);
  } catch (error) {
    return transcriptOf(values, reports, true, error, false);
  }
}

/** A stream is read with its reader: not every runtime can iterate it. */
async function readInto(values: unknown[], source: ReadableStream<unknown> | AsyncIterable<unknown>): Promise<void> {
  if (!("getReader" in source)) {
    for await (const value of source) values.push(value);
    return;
  }
  const reader = source.getReader();
  for (let result = await reader.read(); !result.done; result = await reader.read()) values.push(result.value);
}

function transcriptOf(
  values: readonly unknown[],
  reports: readonly SluiceError[],
  failed: boolean,
  error: unknown,
  ended: boolean,
): Transcript {
  return {
    values: transcriptValues(values),
    reports: reports.map(recordOf),
    ...(failed ? { error: recordOf(error) } : {}),
    ended: ended && !failed,
  };
}
