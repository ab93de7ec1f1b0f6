import { isInsideCharacter } from "./characters.ts";
import { create } from "./dom.ts";

/** In characters: a piece ends at the first line end behind the first, and wherever it is at the second. */
const PIECE_LENGTH = 2000;
const MAX_PIECE_LENGTH = 8000;

/**
 * Text that grows at its end, in pieces that are blocks of their own, so that a browser lays out only the last one anew.
 * Where it is divided depends on the text alone, not on how it came.
 */
export class GrowingText {
  readonly #parent: Element;
  #last: Text | undefined;

  constructor(parent: Element) {
    this.#parent = parent;
  }

  append(text: string): void {
    let rest = text;
    while (rest !== "") {
      if (this.#last === undefined) {
        this.#last = document.createTextNode("");
        const piece = create("span", "piece");
        piece.append(this.#last);
        this.#parent.append(piece);
      }
      const length = this.#last.length;
      const end = pieceEnd(rest, length);
      this.#last.appendData(rest.slice(0, end));
      if (end < rest.length || isFull(this.#last)) this.#last = undefined;
      rest = rest.slice(end);
    }
  }
}

/** How much of a text still belongs to a piece of this length. */
function pieceEnd(text: string, length: number): number {
  const lineEnd = text.indexOf("\n", Math.max(PIECE_LENGTH - length, 0));
  let end = lineEnd === -1 ? text.length : lineEnd + 1;
  if (length + end > MAX_PIECE_LENGTH) {
    end = Math.max(MAX_PIECE_LENGTH - length, 1);
    if (isInsideCharacter(text, end)) end += 1;
  }
  return end;
}

function isFull(piece: Text): boolean {
  return (piece.length > PIECE_LENGTH && piece.data.endsWith("\n")) || piece.length >= MAX_PIECE_LENGTH;
}
