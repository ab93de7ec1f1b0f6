/** Sixteen digits: shorter integers are exact as numbers. */
const LONG_DIGITS = /\d{16}/;
/** A long integer, which is no part of a word, a fraction or an exponent; and what tells whether it stands in a string. */
const LONG_INTEGER = /\\.|"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON as JSON.parse does, but integers that a number cannot hold exactly become bigints: their source text goes
 * through JSON.parse as marked strings. (Its reviver tells the source text too, but not in every runtime, and recurses.)
 *
 * @throws SyntaxError when `text` is not JSON
 */
export function parseWithBigInts(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!LONG_DIGITS.test(text)) return value;
  const mark = `${Math.random()}:`; // no text can foresee it
  let isString = false;
  const marked = text.replace(LONG_INTEGER, (token) => {
    if (token === '"') isString = !isString;
    return isString || token.length < 16 ? token : `"${mark}${token}"`;
  });
  return unmark(JSON.parse(marked), mark);
}

/** Turns marked strings into integers, in place and at any depth: with a list of what is left to do, not by recursion. */
function unmark(value: unknown, mark: string): unknown {
  const root: Record<string, unknown> = { value };
  const left = [root];
  for (const container of left) {
    for (const [key, child] of Object.entries(container)) {
      if (typeof child === "string" && child.startsWith(mark)) container[key] = exact(child.slice(mark.length));
      else if (isContainer(child)) left.push(child);
    }
  }
  return root["value"];
}

function exact(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
