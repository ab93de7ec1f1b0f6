import fc from "fast-check";

const words = (list: readonly string[], maxLength = 24): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...list), { maxLength }).map((parts) => parts.join(""));

/** Text made of what an event stream is made of, in any order: mostly hostile, now and then whole events. */
export const sseText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom("\n", "\r", "\r\n", "\n\n", "\r\n\r\n") },
      { weight: 3, arbitrary: fc.constantFrom("data", "data:", "data: ", "data:  ", "data : ") },
      { weight: 2, arbitrary: fc.constantFrom("event: ", "event", "id: ", "id", "retry: ", "retry", "unknown: ") },
      { weight: 2, arbitrary: fc.constantFrom("a", "b c", "1", "007", " ", ":", ": ", "\t", "[DONE]", '{"a":1}', "-") },
      { weight: 1, arbitrary: fc.constantFrom("\u0000", "\ufeff", "é", "😀", "\u2028", "\u0085", "\u000b", "\ud83d") },
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

/** Text made of what JSON is made of: hostile, with valid values in it now and then. */
export const jsonSoup: fc.Arbitrary<string> = words([
  ...'{}[],:"\\0123.eE+-/untrfalseb \t\n\r',
  '"a"',
  '"\\u00e9"',
  '"\\ud83d',
  '{"a":',
  "[1,",
  "true",
  "null",
  "12",
  "-0",
  "1e5",
  "\u0000",
  "\u001f",
  "é",
  "😀",
  "[DONE]",
]);

/** Any JSON value, `__proto__` keys included, whose numbers survive JSON. */
export const jsonValue: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });

const container = jsonValue.filter((value) => typeof value === "object" && value !== null);

/** Objects and arrays. */
export const jsonContainer: fc.Arbitrary<object> = container.map((value) => value as object);

/** White space of JSON, often none. */
export const blank: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: words([" ", "\t", "\n", "\r"], 3) },
);

/** A value's text with white space in the places where it may stand. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(jsonValue, fc.constantFrom(0, 0, 1, "\t"), blank, blank)
  .map(([value, indent, before, after]) => before + JSON.stringify(value, null, indent) + after);

/** Valid JSON with a few characters deleted, doubled, replaced or put in. */
export const mutatedJson: fc.Arbitrary<string> = fc
  .tuple(
    jsonText,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[],:"\\019.eE+-/tfn \u0000é', ""), fc.nat(2)), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, mutations]) =>
    mutations.reduce((mutated, [place, character, removed]) => {
      const at = place % (mutated.length + 1);
      return mutated.slice(0, at) + character + mutated.slice(at + removed);
    }, text),
  );

/** A way to cut an input of this length. */
export function cutsOf(length: number, maxCuts = 12): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(length), { maxLength: maxCuts }).map((at) => at.sort((a, b) => a - b));
}

/** An input and a way to cut it. */
export function withCuts<T extends string | Uint8Array>(input: fc.Arbitrary<T>): fc.Arbitrary<[T, number[]]> {
  return input.chain((value) => fc.tuple(fc.constant(value), cutsOf(value.length)));
}

/** Bytes of which many are UTF-8 and many are not. */
export const utf8ish: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc
        .constantFrom("a", "é", "€", "😀", "\ufeff", "\u0000", "\ufffd")
        .map((text) => [...new TextEncoder().encode(text)]),
      fc.constantFrom(
        [0x80],
        [0xbf],
        [0xc0, 0x80],
        [0xc2],
        [0xc3],
        [0xe0, 0x80],
        [0xe0, 0xa0],
        [0xe2, 0x82],
        [0xed, 0xa0, 0x80],
        [0xef],
        [0xef, 0xbb],
        [0xf0, 0x80, 0x80, 0x80],
        [0xf0, 0x9f],
        [0xf0, 0x9f, 0x98],
        [0xf4, 0x90, 0x80, 0x80],
        [0xf5],
        [0xff],
      ),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => [...bytes]),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));
