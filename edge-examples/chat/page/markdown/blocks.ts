import { Lexer, type Token, type TokensList } from "marked";
import { isInsideCharacter } from "../characters.ts";
import { marked } from "./marked.ts";

/** The addresses of links that stand elsewhere in the text (`[name]: address`), for those that refer to them. */
export type Links = TokensList["links"];

/**
 * How long a block may be, in characters, before it is divided: a parser's time grows faster than its input on some, and the
 * last block is parsed again with every piece of text.
 */
const MAX_BLOCK_LENGTH = 3000;

/** How many quotes and lists may stand inside one another: parsers recurse. */
const MAX_DEPTH = 12;

export function blocksOf(text: string, links: Links): TokensList {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  return lexer.lex(text);
}

/**
 * How many blocks no later text can change: those before the last one whose first line is whole. Until then "2" after a list
 * may become "2.", and so a part of it.
 */
export function settledCount(blocks: readonly Token[], text: string): number {
  let end = text.length;
  for (let index = blocks.length - 1; index > 0; index--) {
    const block = blocks[index];
    if (block === undefined) break;
    end -= block.raw.length;
    if (block.type !== "space" && text.slice(end).trimStart().includes("\n")) return index;
  }
  return 0;
}

/**
 * Divides a block that is too long: what can be shown for good, and the text that goes on as a block of its own. A table goes
 * on with its head; a list with its next item; anything else at a line's end, or else between two words.
 *
 * @returns undefined when it is short enough
 */
export function divided(text: string, first: Token | undefined): { head: string; rest: string } | undefined {
  if (text.length <= MAX_BLOCK_LENGTH) return undefined;
  const end = isInsideCharacter(text, MAX_BLOCK_LENGTH) ? MAX_BLOCK_LENGTH - 1 : MAX_BLOCK_LENGTH;
  const at = divisionOf(text.slice(0, end));
  const again = first?.type === "table" ? tableHead(text) : "";
  return { head: text.slice(0, at), rest: again + text.slice(at) };
}

function divisionOf(text: string): number {
  const last = text.lastIndexOf("\n");
  // A line that is not indented goes on from none before it.
  for (let at = last; at > 0; at = text.lastIndexOf("\n", at - 1)) if (/\S/.test(text.charAt(at + 1))) return at + 1;
  if (last > 0) return last + 1;
  const space = text.lastIndexOf(" ");
  return space > 0 ? space + 1 : text.length;
}

function tableHead(text: string): string {
  const head = /^[^\n]*\n[^\n]*\n/.exec(text.trimStart())?.[0] ?? "";
  return head.length < MAX_BLOCK_LENGTH / 4 ? head : "";
}

const MARKER = "(?:>|(?:[-*+]|\\d{1,9}[.)])[ \\t])";
const TOO_DEEP = new RegExp(`^((?:[ \\t]*${MARKER}){${MAX_DEPTH}}[ \\t]*)(?=${MARKER})`, "gm");
const TOO_FAR_IN = new RegExp(`^( {${4 * MAX_DEPTH}})[ \\t]+(?=${MARKER})`, "gm");

/** The text with what is nested deeper than anybody reads taken as words, or as less deep. */
export function shallow(text: string): string {
  return text.replace(TOO_DEEP, "$1\\").replace(TOO_FAR_IN, "$1");
}
