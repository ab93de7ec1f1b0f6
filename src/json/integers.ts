/** Sixteen digits: shorter integers are exact as numbers. */
const LONG_DIGITS = /\d{16}/;
/** Where a long integer may begin, which is no part of a word, a fraction or an exponent; or a string, which is skipped. */
const LONG_INTEGER_OR_QUOTE = /(?<![\w.+-])-?\d{16}|"/g;

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
  return unmark(JSON.parse(markIntegers(text, mark)), mark);
}

/** Turns the long integers of a JSON text into strings that begin with `mark`. */
function markIntegers(text: string, mark: string): string {
  let marked = "";
  let copied = 0; // up to which index
  LONG_INTEGER_OR_QUOTE.lastIndex = 0;
  for (let match = LONG_INTEGER_OR_QUOTE.exec(text); match !== null; match = LONG_INTEGER_OR_QUOTE.exec(text)) {
    const start = match.index;
    const end = match[0] === '"' ? stringEnd(text, start) : digitsEnd(text, LONG_INTEGER_OR_QUOTE.lastIndex);
    LONG_INTEGER_OR_QUOTE.lastIndex = end;
    if (match[0] === '"' || /[.eE]/.test(text.charAt(end))) continue;
    marked += `${text.slice(copied, start)}"${mark}${text.slice(start, end)}"`;
    copied = end;
  }
  return marked + text.slice(copied);
}

/** The index behind the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}

/** The index behind the digits from `start` on. */
function digitsEnd(text: string, start: number): number {
  let index = start;
  while (/\d/.test(text.charAt(index))) index++;
  return index;
}

/** Turns marked strings into integers, in place and at any depth: with a list of what is left to do, not by recursion. */
function unmark(value: unknown, mark: string): unknown {
  const root: Record<string, unknown> = { value };
  const left = [root];
  for (let container = left.pop(); container !== undefined; container = left.pop()) {
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
