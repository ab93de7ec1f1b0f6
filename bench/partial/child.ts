/** The inside of `partial`: one contender, or one mode of partialJSON, alone in its process. */
import { milliseconds } from "../clock.ts";
import { serve } from "../hosts/lines.ts";
import { partialJSON } from "../sluice.ts";
import { contenders } from "./contenders.ts";
import { list, pieces, shapes } from "./document.ts";

export type PartialQuestion =
  | { readonly ask: "read" }
  | { readonly ask: "grow"; readonly shape: string; readonly size: number };

export interface PartialAnswer {
  /** Of `read`: for the whole document. */
  readonly milliseconds?: number;
  /** Of `grow`: for one more chunk of 5 characters. */
  readonly microseconds?: number;
  /** JSON text of the last value, to compare. */
  readonly last?: string;
  readonly error?: string;
}

const name = process.argv[2] ?? "";
let chunks: string[] | undefined; // made once

await serve(async (question: PartialQuestion): Promise<PartialAnswer> => {
  try {
    return question.ask === "read" ? await read() : grow(question.shape, question.size);
  } catch (error) {
    return { error: String(error) };
  }
});

async function read(): Promise<PartialAnswer> {
  const contender = contenders[name];
  if (!contender) throw new Error(`there is no contender "${name}"`);
  chunks ??= pieces(list(), contender.size);
  let items = 0;
  let last: unknown;
  const look = (value: unknown): void => {
    last = value;
    items += itemsOf(value); // every value is looked into, so that none can be left unmade
  };
  const start = milliseconds();
  await contender.read(chunks, look);
  const took = milliseconds() - start;
  if (items === 0) throw new Error("it gave no items");

  return { milliseconds: took, last: JSON.stringify(last) };
}

function itemsOf(value: unknown): number {
  return typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items)
    ? value.items.length
    : 0;
}

/** What a chunk costs in a document that has `size` characters already. */
function grow(name: string, size: number): PartialAnswer {
  const shape = shapes[name];
  if (!shape) throw new Error(`there is no shape "${name}"`);
  const mutable = process.argv[2] === "mutable";
  let seen = 0;
  const sink = partialJSON({ mutable, maxValueLength: Number.POSITIVE_INFINITY }).connect({
    push: () => void seen++,
    end: () => undefined,
  });
  for (const piece of pieces(shape.open(size), 65_536)) sink.push(piece);
  // Enough to be measured, few enough not to change the size.
  const count = mutable ? Math.max(200, Math.min(20_000, size / 50)) : 100;
  const next = Array.from({ length: count }, (_, index) => shape.next(index));
  const before = seen;
  const start = milliseconds();
  for (const chunk of next) sink.push(chunk);
  const took = milliseconds() - start;
  if (seen - before !== count) throw new Error(`${count} chunks gave ${seen - before} snapshots`);

  return { microseconds: (took * 1000) / count };
}
