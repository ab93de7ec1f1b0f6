// The bodies that the benchmark times: what is measured there is right here, in every way of running.
import { bufferParse, decode, filterEmpty, flow, fuse, splitLines, splitSSE } from "sluice";
import { chat } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { type Workload, workloads } from "../../bench/workloads/index.ts";

const COUNT = 501; // holds one line of 100 KB, where there are such lines

const stages = ({ framing }: Workload) =>
  fuse(
    decode(),
    framing === "sse" ? fuse(splitSSE(), filterEmpty()) : fuse(splitLines(), filterEmpty()),
    bufferParse(),
  );

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);

  return list;
}

describe.each(workloads.map((workload) => [workload.name, workload] as const))("%s", (_, workload) => {
  test("its chunks, joined and cut anew, hold its values in every way of running", async () => {
    const values = workload.values(COUNT);
    const chunks = workload.chunks(COUNT);
    const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
    const stream = new Blob(chunks).stream().pipeThrough(stages(workload));

    expect(values).toHaveLength(COUNT);
    expect(await all(flow(chunks, stages(workload)))).toEqual(values);
    expect(await all(flow(bytes, stages(workload)))).toEqual(values);
    expect(await all(flow(stream))).toEqual(values);
  });

  test("it is the same on every machine and at every call", () => {
    expect(workload.chunks(COUNT)).toEqual(workload.chunks(COUNT));
  });

  const { text: textOf } = workload;
  if (textOf === undefined) return;
  test("chat reads its text, whole", async () => {
    const { text, outcome } = await chat(workload.chunks(COUNT)).message();

    expect(outcome).toBe("complete");
    expect(text).toBe(textOf(COUNT));
    expect(text.length).toBeGreaterThan(COUNT);
  });
});
