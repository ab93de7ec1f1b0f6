import { integer, random } from "./random.ts";

/** What can be cut: text, or bytes. */
export type Cuttable = string | Uint8Array;

/** One way to cut: its name for messages, and the places, in order, each between 0 and the length. */
export interface Cut {
  name: string;
  at: readonly number[];
}

/** The pieces between the places; an empty piece where two places are the same. */
export function pieces<T extends Cuttable>(input: T, at: readonly number[]): T[] {
  const edges = [0, ...at, input.length];
  const cut: T[] = [];
  for (let index = 1; index < edges.length; index++) {
    // Bytes are copied, so that no piece shares its buffer with another.
    cut.push(input.slice(edges[index - 1], edges[index]) as T);
  }
  return cut;
}

export const whole: Cut = { name: "whole", at: [] };

/** Every single cut, the ends included, which makes an empty first or last chunk. */
export function* everySingleCut(length: number): Generator<Cut> {
  for (let at = 0; at <= length; at++) yield { name: `cut at ${at}`, at: [at] };
}

/** Every pair of cuts: for short inputs, there are length² / 2 of them. */
export function* everyDoubleCut(length: number): Generator<Cut> {
  for (let first = 0; first <= length; first++) {
    for (let second = first; second <= length; second++) {
      yield { name: `cuts at ${first} and ${second}`, at: [first, second] };
    }
  }
}

export function everySize(length: number, size: number): Cut {
  const at: number[] = [];
  for (let place = size; place < length; place += size) at.push(place);
  return { name: `chunks of ${size}`, at };
}

/** `count` random cuts, some fine and some coarse, with empty chunks now and then. */
export function* randomCuts(length: number, count: number, seed: number): Generator<Cut> {
  const next = random(seed);
  for (let index = 0; index < count; index++) {
    const places = integer(next, Math.min(length, 2 ** integer(next, 7)) + 1);
    const at = Array.from({ length: places }, () => integer(next, length + 1)).sort((a, b) => a - b);
    yield { name: `random cut ${index} of seed ${seed}`, at };
  }
}

/**
 * Cuts where it hurts: inside characters of more than one byte (or one unit), between CR and LF, before and after line
 * ends, colons and spaces, inside escapes, and all of these at once.
 */
export function* hostileCuts(input: Cuttable): Generator<Cut> {
  const at = hostilePlaces(input);
  if (at.length === 0) return;
  yield { name: "every hostile place", at };
  yield { name: "every hostile place, twice", at: at.flatMap((place) => [place, place]) };
  for (const place of at) yield { name: `hostile place ${place}`, at: [place] };
}

function hostilePlaces(input: Cuttable): number[] {
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

/** The cuts law 1 makes of every fixture: all single cuts, fixed sizes, hostile and random ones, all pairs when it is short. */
export function* manyCuts(input: Cuttable, seed = 1): Generator<Cut> {
  const { length } = input;
  yield whole;
  yield* everySingleCut(length);
  for (const size of [1, 2, 3, 7, 13]) yield everySize(length, size);
  yield* hostileCuts(input);
  yield* randomCuts(length, 50, seed);
  if (length <= 60) yield* everyDoubleCut(length);
}

/** A few cuts, for what is long or what is many. */
export function* someCuts(input: Cuttable, seed = 1): Generator<Cut> {
  const { length } = input;
  yield whole;
  for (const size of [1, 2, 7]) yield everySize(length, size);
  const [all] = hostileCuts(input);
  if (all !== undefined) yield all;
  yield* randomCuts(length, 3, seed);
}
