import { integer, random } from "./random.js";

/** What can be cut: text, or bytes. */
export type Cuttable = string | Uint8Array;

/** One way to cut: its name for messages, and the places, in order, each between 0 and the length. */
export interface Places {
  readonly name: string;
  readonly at: readonly number[];
}

/** Every single cut, the ends included, which makes an empty first or last chunk. */
export function* everySingleCut(length: number): Generator<Places, void> {
  for (let at = 0; at <= length; at++) yield { name: `cut at ${at}`, at: [at] };
}

/** Chunks of `size`. */
export function everySize(length: number, size: number): Places {
  const at: number[] = [];
  for (let place = size; place < length; place += size) at.push(place);
  return { name: `chunks of ${size}`, at };
}

/** `count` random ways, some fine and some coarse, with empty chunks now and then. */
export function* randomPlaces(length: number, count: number, seed: number): Generator<Places, void> {
  const next = random(seed);
  for (let index = 0; index < count; index++) {
    const places = integer(next, Math.min(length, 2 ** integer(next, 7)) + 1);
    const at = Array.from({ length: places }, () => integer(next, length + 1)).sort((a, b) => a - b);
    yield { name: `random cut ${index} of seed ${seed}`, at };
  }
}

/** Chunks of random sizes, from 1 to 255, small ones more often. */
export function randomSizes(length: number, seed: number): Places {
  const next = random(seed);
  const at: number[] = [];
  for (let place = 0; ; ) {
    place += 1 + integer(next, 2 ** integer(next, 9));
    if (place >= length) return { name: `random chunks of seed ${seed}`, at };
    at.push(place);
  }
}

/**
 * Where a cut hurts: inside characters of more than one byte (or one unit), between CR and LF, before and after line ends,
 * colons, spaces, quotes and brackets, and inside escapes.
 */
export function adversarialPlaces(input: Cuttable): number[] {
  const places = new Set<number>();
  for (let index = 0; index < input.length; index++) {
    const unit = unitAt(input, index);
    const isInside = typeof input === "string" ? unit >= 0xdc00 && unit <= 0xdfff : unit >= 0x80 && unit <= 0xbf;
    if (isInside) places.add(index);
    if (SHARP.has(unit)) {
      places.add(index);
      places.add(index + 1);
    }
    if (unit === BACKSLASH) for (let step = 2; step <= 6; step++) places.add(Math.min(index + step, input.length));
  }
  return [...places].sort((a, b) => a - b);
}

const BACKSLASH = 0x5c;
const SHARP = new Set([...'\n\r: \\"{}[]'].map((character) => character.charCodeAt(0)));

function unitAt(input: Cuttable, index: number): number {
  return typeof input === "string" ? input.charCodeAt(index) : (input[index] ?? 0);
}
