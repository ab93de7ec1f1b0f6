import type { Framing } from "../workloads/index.ts";

export type Reads = "values" | "text";

/** One way to get from the bytes of a response to its values, written as its users would write it. */
export interface Contender {
  /** Its name on the command line, and its file's name. */
  readonly name: string;
  readonly title: string;
  /** The package whose version the report names; `undefined` where there is none. */
  readonly package?: string;
  readonly framings: readonly Framing[];
  /** What it hands to `use`: the parsed values (unless said otherwise), or only the answer's text in pieces. */
  readonly reads?: Reads;
  /** Workloads it cannot read whole by its design, each with the reason. The report says so instead of measuring. */
  readonly unable?: Readonly<Record<string, string>>;
  /** Reads the whole body and hands each value, or each piece of text, to `use`, in order. */
  readonly read: (response: Response, framing: Framing, use: (value: unknown) => void) => Promise<void>;
}

/** The body of a response that is known to have one. */
export function bodyOf(response: Response): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (!response.body) throw new TypeError("a workload's response always has a body");

  return response.body;
}

/** Reads a stream by its reader: in Node faster than `for await`, so that stream contenders are shown at their best. */
export async function drain<T>(stream: ReadableStream<T>, use: (value: T) => void): Promise<void> {
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) use(read.value);
}
