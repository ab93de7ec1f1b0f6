export { type BodyOptions, bodyOf, type Fault } from "./body.js";
export { adversarialCuts, type Cut, cutAt, cutInto, everyCut, randomCuts } from "./cuts.js";
export type { Cuttable } from "./places.js";
