import { everyAdversarialCut } from "../../src/testing/cuts.ts";
import {
  type Places as Cut,
  type Cuttable,
  everySingleCut,
  everySize,
  randomPlaces as randomCuts,
} from "../../src/testing/places.ts";

// The cuts of sluice/testing as the laws use them: by length, and without making the chunks.

export { cutAt as pieces } from "../../src/testing/cuts.ts";
export { type Cut, type Cuttable, everySingleCut, everySize, randomCuts };

export const whole: Cut = { name: "whole", at: [] };

/** Every pair of cuts: for short inputs, there are length² / 2 of them. */
export function* everyDoubleCut(length: number): Generator<Cut> {
  for (let first = 0; first <= length; first++) {
    for (let second = first; second <= length; second++) {
      yield { name: `cuts at ${first} and ${second}`, at: [first, second] };
    }
  }
}

/** The cuts law 1 makes of every fixture: all single cuts, fixed sizes, hostile and random ones, all pairs when it is short. */
export function* manyCuts(input: Cuttable, seed = 1): Generator<Cut> {
  const { length } = input;
  yield whole;
  yield* everySingleCut(length);
  for (const size of [1, 2, 3, 7, 13]) yield everySize(length, size);
  yield* everyAdversarialCut(input);
  yield* randomCuts(length, 50, seed);
  if (length <= 60) yield* everyDoubleCut(length);
}

/** A few cuts, for what is long or what is many. */
export function* someCuts(input: Cuttable, seed = 1): Generator<Cut> {
  const { length } = input;
  yield whole;
  for (const size of [1, 2, 7]) yield everySize(length, size);
  const [all] = everyAdversarialCut(input);
  if (all !== undefined) yield all;
  yield* randomCuts(length, 3, seed);
}
