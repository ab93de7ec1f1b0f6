import { ANY, type Step } from "./path.js";
import { type Listener, OPEN_BRACE, OPEN_BRACKET } from "./recognise.js";

/** A path on its way into the document. */
export interface Route {
  path: string;
  steps: readonly Step[];
}

/** A value that a path leads to and that is not whole yet. */
interface Match {
  routes: readonly Route[];
  depth: number;
  /** Its text in earlier chunks. */
  pending: string;
  /** Where it begins: in the chunk in hand, or in an earlier one. */
  start: number;
}

/** A container that is open, and where its last member is. */
interface Open {
  isArray: boolean;
  index: number;
  key: string;
  /** The paths that lead into it, further than to it. */
  routes: readonly Route[];
}

/** What becomes of matches. */
export interface MatchHandlers {
  /** Gets the text of a match that is whole, and the paths that lead to it. */
  found: (text: string, routes: readonly Route[]) => void;
  /** Gets a match that has passed the length allowed, and must throw. */
  tooLong: (text: string, began: number) => never;
}

const NONE: readonly Route[] = [];

/** Follows paths through a document as a recogniser reads it. It keeps the text of what they lead to, and nothing else. */
export class Matches implements Listener {
  readonly #routes: readonly Route[];
  readonly #maxLength: number;
  readonly #handlers: MatchHandlers;
  /** A longer key is none that a path names. */
  readonly #longestName: number;
  // Innermost last.
  readonly #open: Open[] = [];
  readonly #matches: Match[] = [];
  #chunk = "";
  #offset = 0; // of the chunk
  #isScalar = false; // what is being read
  #key = "";

  constructor(routes: readonly Route[], maxLength: number, handlers: MatchHandlers) {
    this.#routes = routes;
    this.#maxLength = maxLength;
    this.#handlers = handlers;
    const names = routes.flatMap(({ steps }) => steps.filter((step) => typeof step === "string"));
    this.#longestName = names.reduce((longest, { length }) => Math.max(longest, length), 0);
  }

  /** Makes ready for the next chunk: what is pending goes on in it. */
  enter(chunk: string): void {
    for (const match of this.#matches) {
      match.pending += this.#chunk.slice(match.start);
      match.start = 0;
    }
    this.#offset += this.#chunk.length;
    this.#chunk = chunk;
  }

  /** The text of the outermost match that is pending, up to `index`, and the offset at which it began. */
  pendingText(index: number): { text: string; began: number } | undefined {
    const [match] = this.#matches;
    if (match === undefined) return;
    const began = this.#offset + match.start - match.pending.length;
    return { text: match.pending + this.#chunk.slice(match.start, index), began };
  }

  /** Checks the length of the outermost match, which is the longest, up to `index`. */
  checkLength(index: number): void {
    const [match] = this.#matches;
    if (match === undefined || match.pending.length + index - match.start <= this.#maxLength) return;
    const { text, began } = this.pendingText(index) ?? { text: "", began: 0 };
    this.#handlers.tooLong(text.slice(0, this.#maxLength + 1), began);
  }

  begin(code: number, index: number): void {
    const depth = this.#open.length;
    const routes = this.#routesToNext();
    const here = routes.filter(({ steps }) => steps.length === depth);
    if (here.length > 0) this.#matches.push({ routes: here, depth, pending: "", start: index });
    this.#isScalar = code !== OPEN_BRACE && code !== OPEN_BRACKET;
    if (this.#isScalar) return;
    const further = here.length > 0 ? routes.filter(({ steps }) => steps.length > depth) : routes;
    this.#open.push({ isArray: code === OPEN_BRACKET, index: -1, key: "", routes: further });
  }

  part(text: string): void {
    if (this.#wantsKey) this.#key += text;
  }

  key(): void {
    const open = this.#open[this.#open.length - 1];
    if (open !== undefined) open.key = this.#key;
    this.#key = "";
  }

  end(index: number): void {
    if (!this.#isScalar) this.#open.pop();
    this.#isScalar = false;
    const match = this.#matches[this.#matches.length - 1];
    if (match?.depth !== this.#open.length) return;
    this.checkLength(index);
    this.#matches.pop();
    this.#handlers.found(match.pending + this.#chunk.slice(match.start, index), match.routes);
  }

  /** The paths that lead to, or through, the value that begins. */
  #routesToNext(): readonly Route[] {
    const depth = this.#open.length;
    const open = this.#open[depth - 1];
    if (open === undefined) return this.#routes;
    open.index++;
    if (open.routes.length === 0) return NONE;
    const name = open.isArray ? open.index : open.key;
    return open.routes.filter(({ steps }) => steps[depth - 1] === name || steps[depth - 1] === ANY);
  }

  /** Whether what comes belongs to a key that a path may name. */
  get #wantsKey(): boolean {
    if (this.#isScalar || this.#key.length > this.#longestName) return false;
    return (this.#open[this.#open.length - 1]?.routes.length ?? 0) > 0;
  }
}
