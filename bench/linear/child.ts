/** The inside of `linear`: reads a shape at a size, alone in its process. */
import { milliseconds } from "../clock.ts";
import { serve } from "../hosts/lines.ts";
import { response } from "../source.ts";
import { type Shape, shapes } from "./shapes.ts";

export interface LinearQuestion {
  readonly n: number;
}

export interface LinearAnswer {
  readonly milliseconds?: number;
  readonly bytes?: number;
  readonly error?: string;
}

const shape = shapes.find(({ name }) => name === process.argv[2]);
const bodies = new Map<number, Uint8Array<ArrayBuffer>[]>();

await serve(async ({ n }: LinearQuestion): Promise<LinearAnswer> => {
  try {
    return shape ? await read(shape, n) : { error: `there is no shape "${process.argv[2]}"` };
  } catch (error) {
    return { error: String(error) };
  }
});

async function read({ chunks: make, read, expect }: Shape, n: number): Promise<LinearAnswer> {
  const chunks = bodies.get(n) ?? make(n);
  bodies.set(n, chunks);
  const { body } = response(chunks, "text/event-stream");
  if (!body) throw new TypeError("a shape's response always has a body");
  let values = 0;
  let errors = 0;

  const start = milliseconds();
  const onError = (): void => {
    errors++;
  };
  for await (const value of read(body, onError)) if (value !== undefined) values++;
  const took = milliseconds() - start;

  const expected = expect(n);
  if (values !== expected.values || errors !== expected.errors) {
    return { error: `read ${values} values and ${errors} errors instead of ${expected.values} and ${expected.errors}` };
  }

  return { milliseconds: took, bytes: chunks.reduce((length, chunk) => length + chunk.length, 0) };
}
