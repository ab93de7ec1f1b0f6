/**
 * What there is of a `T` while it is being written: any property can be missing, any array can be shorter, and any string
 * can be the beginning of what it will be, also of a literal type. Numbers, booleans and null are there whole or not at all.
 */
export type DeepPartial<T> = unknown extends T
  ? T
  : T extends string
    ? string
    : T extends readonly unknown[]
      ? PartialArray<T>
      : T extends object
        ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> }
        : T;

/** A tuple may lack elements from its end on; an array has no such thing as a missing element. */
type PartialArray<T extends readonly unknown[]> = number extends T["length"]
  ? readonly DeepPartial<T[number]>[]
  : { readonly [Index in keyof T]?: DeepPartial<T[Index]> };

/** A value while it is being written. Only `done: true` makes it a `T`: nothing can take half of one for the whole. */
export type Snapshot<T, Whole = T> =
  | { readonly value: DeepPartial<T>; readonly done: false }
  | { readonly value: Whole; readonly done: true };

/** With `changes: listChanges`: what makes the snapshot before into this one, in order. */
export interface Changes {
  readonly changes: readonly Change[];
}

/** A place that changed: the keys and indexes that lead to it, and its new value or the text that was appended to it. */
export type Change =
  | { readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly path: readonly (string | number)[]; readonly appended: string };
