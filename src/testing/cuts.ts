import { isBytes } from "../bytes.js";
import { kindOf } from "../errors.js";
import { adversarialPlaces, type Cuttable, everySingleCut, everySize, type Places, randomPlaces } from "./places.js";

/** One way to cut an input. */
export interface Cut<T extends Cuttable> extends Places {
  /** The pieces, made anew each time; an empty one where two places are the same. Bytes are copies. */
  readonly chunks: T[];
}

/**
 * Cuts text or bytes at places: offsets in ascending order, in bytes (UTF-16 code units of a string).
 *
 * @throws TypeError when `input` is neither text nor a Uint8Array, or a place is out of order or range
 *
 * @example
 * ```ts
 * import { cutAt } from "sluice/testing";
 *
 * console.log(cutAt("data: 1\n\n", [4, 8])); // → ["data", ": 1\n", "\n"]
 * ```
 */
export function cutAt<T extends Cuttable>(input: T, places: readonly number[]): T[] {
  const { length } = checked(input);
  const chunks: T[] = [];
  let start = 0;
  for (const end of [...places, length]) {
    if (!(end >= start && end <= length)) throw new TypeError(`places must ascend from 0 to ${length}; got ${end}`);
    chunks.push(input.slice(start, end) as T); // copied, so that no piece shares its buffer with another
    start = end;
  }
  return chunks;
}

/**
 * Cuts text or bytes into chunks of `size`; the last may be shorter.
 *
 * @throws TypeError when `size` is no whole number of at least 1
 */
export function cutInto<T extends Cuttable>(input: T, size: number): T[] {
  if (!(Number.isInteger(size) && size >= 1)) throw new TypeError(`size must be a whole number above 0; got ${size}`);
  return cutAt(input, everySize(checked(input).length, size).at);
}

/**
 * Every way to cut `input` once: length + 1 of them, for a cut at either end makes an empty chunk.
 *
 * @throws TypeError when `input` is neither text nor a Uint8Array
 *
 * @example
 * ```ts
 * import { everyCut } from "sluice/testing";
 *
 * for (const { name, chunks } of everyCut("ab")) console.log(name, chunks);
 * // → cut at 0 ["", "ab"]
 * // → cut at 1 ["a", "b"]
 * // → cut at 2 ["ab", ""]
 * ```
 */
export function everyCut<T extends Cuttable>(input: T): IterableIterator<Cut<T>> {
  return cuts(input, everySingleCut(checked(input).length));
}

/**
 * `count` random ways to cut `input`, some fine and some coarse, with empty chunks now and then. The same seed gives the same
 * ways, in every runtime.
 *
 * @throws TypeError when `input` is neither text nor a Uint8Array
 */
export function randomCuts<T extends Cuttable>(input: T, seed: number, count = 50): IterableIterator<Cut<T>> {
  return cuts(input, randomPlaces(checked(input).length, count, seed));
}

/**
 * The ways to cut `input` that hurt: inside characters of more than one byte, between CR and LF, around line ends, colons,
 * spaces, quotes and brackets, inside escapes. First all of these at once, then with an empty chunk at each, then each by itself.
 *
 * @throws TypeError when `input` is neither text nor a Uint8Array
 *
 * @example
 * ```ts
 * import { adversarialCuts } from "sluice/testing";
 *
 * const [first] = adversarialCuts("data: 😀\r\n");
 * console.log(first?.chunks); // → ["data", ":", " ", "\ud83d", "\ude00", "\r", "\n", ""]
 * ```
 */
export function adversarialCuts<T extends Cuttable>(input: T): IterableIterator<Cut<T>> {
  return cuts(input, everyAdversarialCut(checked(input)));
}

/** The places of `adversarialCuts`. */
export function* everyAdversarialCut(input: Cuttable): Generator<Places, void> {
  const at = adversarialPlaces(input);
  if (at.length === 0) return;
  yield { name: "every hostile place", at };
  yield { name: "every hostile place, twice", at: at.flatMap((place) => [place, place]) };
  for (const place of at) yield { name: `hostile place ${place}`, at: [place] };
}

function* cuts<T extends Cuttable>(input: T, ways: Iterable<Places>): Generator<Cut<T>, void> {
  for (const { name, at } of ways) {
    yield {
      name,
      at,
      get chunks() {
        return cutAt(input, at);
      },
    };
  }
}

function checked<T extends Cuttable>(input: T): T {
  if (typeof input === "string" || input instanceof Uint8Array) return input;
  const hint = isBytes(input) ? ": make a Uint8Array of it" : "";
  throw new TypeError(`Text or bytes can be cut; got ${kindOf(input)}${hint}`);
}
