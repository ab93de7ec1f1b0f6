/** How much was touched, in characters and bytes. It is counted, not timed: the same on every machine. */
export interface Work {
  /** By string methods, regular expressions, joins, decoders and JSON.parse together. */
  total: number;
  /** By JSON.parse alone. */
  parsed: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** What a call touches, from what it was called on, what it was given and what it gave. */
type Cost = (self: unknown, args: readonly unknown[], result: unknown) => number;

const lengthOf = (value: unknown): number =>
  typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array ? value.length : 0;

const one: Cost = () => 1;
const ofResult: Cost = (_self, _args, result) => 1 + lengthOf(result);
const ofSelf: Cost = (self) => 1 + lengthOf(self);
const ofArgument: Cost = (_self, [first]) => 1 + lengthOf(first);

const ofSearch: Cost = (self, [, from], result) => {
  const start = typeof from === "number" ? from : 0;
  return 1 + (typeof result === "number" && result !== -1 ? result : lengthOf(self)) - start;
};

const ofPattern: Cost = (self, [text], result) => {
  const match: unknown = result;
  if (Array.isArray(match) && "index" in match && typeof match.index === "number" && self instanceof RegExp) {
    return 1 + lengthOf(match[0]) + (self.global || self.sticky ? 0 : match.index);
  }
  return 1 + lengthOf(text);
};

const counted: [object: object, methods: Record<string, Cost>][] = [
  [
    String.prototype,
    {
      at: one,
      charAt: one,
      charCodeAt: one,
      codePointAt: one,
      endsWith: ofArgument,
      includes: ofSelf,
      indexOf: ofSearch,
      lastIndexOf: ofSelf,
      match: ofSelf,
      matchAll: ofSelf,
      replace: ofSelf,
      replaceAll: ofSelf,
      search: ofSelf,
      slice: ofResult,
      split: ofSelf,
      startsWith: ofArgument,
      substring: ofResult,
      trim: ofSelf,
      trimEnd: ofSelf,
      trimStart: ofSelf,
    },
  ],
  [
    Array.prototype,
    { join: ofResult, slice: ofResult, splice: ofSelf, shift: one, unshift: ofSelf, reverse: ofSelf, concat: ofResult },
  ],
  [RegExp.prototype, { exec: ofPattern }],
  [TextDecoder.prototype, { decode: ofArgument }],
  [TextEncoder.prototype, { encode: ofArgument }],
  [Object.getPrototypeOf(Uint8Array.prototype), { set: ofArgument, slice: ofResult }],
];

/** Runs `work` and counts what it touches. */
export function countWork(work: () => void): Work {
  const done: Work = { total: 0, parsed: 0 };
  const restore: (() => void)[] = [];

  function spy(object: object, name: string, cost: Cost): void {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    const original = descriptor?.value as Method | undefined;
    if (descriptor === undefined || original === undefined) throw new TypeError(`there is no ${name} to count`);
    let isCounting = false;
    const counting: Method = function (...args) {
      if (isCounting) return Reflect.apply(original, this, args);
      let result: unknown;
      try {
        result = Reflect.apply(original, this, args);
        return result;
      } finally {
        isCounting = true; // what the cost calls costs nothing
        done.total += cost(this, args, result);
        isCounting = false;
      }
    };
    Object.defineProperty(object, name, { ...descriptor, value: counting });
    restore.push(() => Object.defineProperty(object, name, descriptor));
  }

  for (const [object, methods] of counted) {
    for (const [name, cost] of Object.entries(methods)) spy(object, name, cost);
  }
  spy(JSON, "parse", (_self, [text]) => {
    done.parsed += lengthOf(text);
    return lengthOf(text);
  });
  try {
    work();
  } finally {
    for (const undo of restore) undo();
  }
  return done;
}
