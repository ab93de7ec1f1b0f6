import fc from "fast-check";

const character = fc.oneof(
  fc.constantFrom("a", "b", " ", "é", "😀", "/", "\u2028", "\ud83d", "\ude00", "\u007f"),
  fc.constantFrom('\\"', "\\\\", "\\/", "\\n", "\\u0000", "\\u00E9", "\\ud83d", "\\uDE00", "\\ud83d\\ude00", "\\u0061"),
);
const string = fc.array(character, { maxLength: 8 }).map((characters) => `"${characters.join("")}"`);
const key = fc.constantFrom('"a"', '"b"', '""', '"0"', '"1"', '"__proto__"', '"constructor"', '"ab"', '"\\u0061b"');

/**
 * Keys are not one character long when that is an escape: Node 24 and 26 take `{"\\u0061":1}` for `{"\\\\":1}` once they have
 * seen an object with that key, and JSON.parse is what is compared with.
 */
const longKey = string.map((text) => `"k${text.slice(1)}`);

/** JSON texts in all the ways a value can be written: white space, escapes, duplicate keys, `__proto__`, lone surrogates. */
export const document: fc.Arbitrary<string> = documents({ withDuplicates: true });

/** The same without duplicate keys, which may begin anew what has been shown. */
export const plainDocument: fc.Arbitrary<string> = documents({ withDuplicates: false });

/** A text and places to cut it at. */
export function cutAnywhere(text: fc.Arbitrary<string>): fc.Arbitrary<[string, number[]]> {
  return text.chain((whole) =>
    fc.tuple(
      fc.constant(whole),
      fc.oneof(
        fc.array(fc.nat(whole.length), { maxLength: 12 }).map((at) => at.sort((a, b) => a - b)),
        fc.constant(Array.from({ length: whole.length }, (_, index) => index)), // every character for itself
      ),
    ),
  );
}

function documents({ withDuplicates }: { withDuplicates: boolean }): fc.Arbitrary<string> {
  const space = fc.constantFrom("", "", "", " ", "\n", "\t\r ");
  const number = fc.constantFrom("0", "-0", "12", "-3.25", "1e5", "0.1E-7", "1e400", "12345678901234567890");
  const keyOf = (index: number, key: string): string => (withDuplicates ? key : `${key.slice(0, -1)}${index}"`);
  const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthIdentifier: "document" },
      { weight: 3, arbitrary: string },
      { weight: 1, arbitrary: fc.oneof(number, fc.constantFrom("true", "false", "null")) },
      { weight: 3, arbitrary: tie("array") },
      { weight: 3, arbitrary: tie("object") },
    ),
    array: fc
      .tuple(space, fc.array(fc.tuple(tie("value"), space), { maxLength: 4, depthIdentifier: "document" }))
      .map(([before, elements]) => `[${before}${elements.map(([text, after]) => after + text + after).join(",")}]`),
    object: fc
      .tuple(
        space,
        fc.array(fc.tuple(fc.oneof(key, longKey), tie("value"), space), { maxLength: 4, depthIdentifier: "document" }),
      )
      .map(([before, members]) => {
        const texts = members.map(
          ([name, text, between], index) => `${keyOf(index, name)}${between}:${between}${text}${between}`,
        );
        return `{${before}${texts.join(`,${before}`)}}`;
      }),
  }));
  return fc.tuple(space, value, space).map((parts) => parts.join(""));
}
