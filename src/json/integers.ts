/** What JSON.parse tells a reviver of a number, where the runtime knows it. */
interface ReviverContext {
  source?: string;
}

type Reviver = (this: unknown, key: string, value: unknown, context?: ReviverContext) => unknown;

/** Sixteen digits or more outside of a fraction, an exponent and a word: only these can be integers beyond 2^53. */
const LONG_DIGITS = /\d{16}/;
const LONG_INTEGER_OR_QUOTE = /"|(?<![\w.+-])-?\d{16,}(?![\d.eE])/g;

let knowsSource: boolean | undefined;

/** Parses JSON as JSON.parse does, but integers that a number cannot hold exactly become bigints. */
export function parseWithBigInts(text: string): unknown {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text);
  knowsSource ??= parse("1", (_key, _value, context) => context?.source) === "1";
  return knowsSource ? parse(text, fromSource) : parseMarked(text);
}

/** JSON.parse with a reviver that gets the source text, which the types do not know yet. */
function parse(text: string, reviver: Reviver): unknown {
  return JSON.parse(text, reviver);
}

const fromSource: Reviver = (_key, value, context) =>
  typeof value === "number" && /^-?\d+$/.test(context?.source ?? "") ? exact(value, context?.source ?? "") : value;

function exact(value: number, digits: string): number | bigint {
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** For runtimes whose JSON.parse does not tell the source text: long integers go through it as marked strings. */
function parseMarked(text: string): unknown {
  const mark = unusedMark(text);
  let marked = "";
  let copied = 0;
  LONG_INTEGER_OR_QUOTE.lastIndex = 0;
  for (let match = LONG_INTEGER_OR_QUOTE.exec(text); match !== null; match = LONG_INTEGER_OR_QUOTE.exec(text)) {
    const [found] = match;
    if (found === '"') LONG_INTEGER_OR_QUOTE.lastIndex = stringEnd(text, match.index);
    else {
      marked += `${text.slice(copied, match.index)}"${mark}${found}"`;
      copied = match.index + found.length;
    }
  }
  return parse(marked + text.slice(copied), (_key, value) => {
    if (typeof value !== "string" || !value.startsWith(mark)) return value;
    const digits = value.slice(mark.length);
    return exact(Number(digits), digits);
  });
}

/** A beginning that no string in `text` has. @throws SyntaxError when `text` is not JSON, which marks could make it */
function unusedMark(text: string): string {
  const mark = `${Math.random()}:`;
  let isUsed = false;
  parse(text, (_key, value) => {
    isUsed ||= typeof value === "string" && value.startsWith(mark);
    return value;
  });
  return isUsed ? unusedMark(text) : mark;
}

/** The index behind the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}
