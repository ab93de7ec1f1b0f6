import * as sluice from "sluice";
import * as json from "sluice/json";

/** The public exports of "sluice" and "sluice/json", as the tests of the laws use them: what is really used is noted. */
export type Export = keyof typeof sluice | keyof typeof json;

export const exportNames = Object.keys({ ...sluice, ...json }).sort() as Export[];

/** What this test file has called, constructed or tested with `instanceof` so far. */
export const used = new Set<Export>();

function watch<T extends object>(name: Export, value: T): T {
  return new Proxy(value, {
    apply(target, self, args) {
      used.add(name);
      return Reflect.apply(target as unknown as () => unknown, self, args);
    },
    construct(target, args, newTarget) {
      used.add(name);
      return Reflect.construct(target as unknown as new () => object, args, newTarget);
    },
    get(target, key, receiver) {
      if (key === Symbol.hasInstance) used.add(name);
      return Reflect.get(target, key, receiver);
    },
  });
}

export const bufferParse = watch("bufferParse", sluice.bufferParse);
export const decode = watch("decode", sluice.decode);
export const encodeLines = watch("encodeLines", sluice.encodeLines);
export const encodeSSE = watch("encodeSSE", sluice.encodeSSE);
export const filter = watch("filter", sluice.filter);
export const filterEmpty = watch("filterEmpty", sluice.filterEmpty);
export const flow = watch("flow", sluice.flow);
export const fuse = watch("fuse", sluice.fuse);
export const listChanges = watch("listChanges", json.listChanges);
export const map = watch("map", sluice.map);
export const PartialJSONError = watch("PartialJSONError", json.PartialJSONError);
export const partialJSON = watch("partialJSON", json.partialJSON);
export const SchemaError = watch("SchemaError", json.SchemaError);
export const selectJSON = watch("selectJSON", json.selectJSON);
export const SluiceError = watch("SluiceError", sluice.SluiceError);
export const splitLines = watch("splitLines", sluice.splitLines);
export const splitSSE = watch("splitSSE", sluice.splitSSE);
export const Stage = watch("Stage", sluice.Stage);
export const stage = watch("stage", sluice.stage);
export const tap = watch("tap", sluice.tap);
export const unfence = watch("unfence", json.unfence);
export const validate = watch("validate", json.validate);

export type SluiceError = sluice.SluiceError;
export type Stage<In, Out> = sluice.Stage<In, Out>;
