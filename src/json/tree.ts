import type { Listener } from "./recognise.js";

type Container = unknown[] | Record<string, unknown>;

/** A container that is still open, and where its last member is. */
interface Open {
  container: Container;
  key: string; // of an object's
}

/** A place that changed: the keys and indexes that lead to it, and its new value or the text that was appended to it. */
export type Change =
  | { readonly path: readonly (string | number)[]; readonly value: unknown }
  | { readonly path: readonly (string | number)[]; readonly appended: string };

/**
 * A JSON value that grows as a recogniser reads it. `show` tells where it has got to; unless it is mutable, what has been
 * shown never changes: the first change after it copies each container that is open then, and nothing else.
 */
export class Tree implements Listener {
  /** The value as far as it has been placed; undefined before there is any. */
  root: unknown;
  isWhole = false;
  readonly #isMutable: boolean;
  /** Innermost last. */
  readonly #open: Open[] = [];
  /** Whether the open containers may be written to: nobody has seen them as they are. */
  #isOwn: boolean;
  #hasChanged = false;

  // Of the string in progress. Text is added to it once per chunk, since a growing string is a rope.
  #isString = false; // and not a key, number or literal
  #isNew = false; // it has not been placed yet
  #text = ""; // what has been placed
  #fresh = ""; // what has come since: of a key, number or literal all there is
  #held = ""; // half a surrogate pair

  /** What changed since `show`, if somebody wants to know. */
  #changes: Change[] | undefined;
  /** How many of the open containers have been shown: a change inside of one that has not is no change of its own. */
  #shown = 0;

  constructor(isMutable: boolean, wantsChanges: boolean) {
    this.#isMutable = isMutable;
    this.#isOwn = isMutable;
    if (wantsChanges) this.#changes = [];
  }

  /** Brings `root` up to date. @returns whether it has changed since it was shown last */
  show(): boolean {
    if (this.#isString) this.#placeText();
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    this.#isOwn = this.#isMutable;
    this.#shown = this.#open.length;
    return hasChanged;
  }

  takeChanges(): Change[] {
    const changes = this.#changes ?? [];
    this.#changes = [];
    return changes;
  }

  begin(code: number): void {
    if (code === 0x7b) this.#enter({});
    else if (code === 0x5b) this.#enter([]);
    else if (code === 0x22) this.#isString = this.#isNew = true;
  }

  part(text: string, start: number, end: number): void {
    const isHalf = isHighSurrogate(text.charCodeAt(end - 1));
    this.#fresh += this.#held + text.slice(start, isHalf ? end - 1 : end);
    this.#held = isHalf ? text.charAt(end - 1) : "";
  }

  unit(code: number): void {
    const text = String.fromCharCode(code);
    this.part(text, 0, 1);
  }

  key(): void {
    const open = this.#open[this.#open.length - 1];
    if (open !== undefined) open.key = this.#take();
  }

  end(): void {
    if (this.#isString) {
      this.#fresh += this.#held;
      this.#held = "";
      this.#placeText();
      this.#isString = false;
      this.#text = "";
    } else if (this.#fresh !== "") this.#add(scalar(this.#take()));
    else {
      this.#open.pop();
      if (this.#shown > this.#open.length) this.#shown = this.#open.length;
    }
    this.isWhole = this.#open.length === 0;
  }

  /** The text of what is no string value. */
  #take(): string {
    const text = this.#fresh + this.#held;
    this.#fresh = this.#held = "";
    return text;
  }

  #enter(container: Container): void {
    this.#add(container);
    this.#open.push({ container, key: "" });
  }

  /** Places what is new of the string in progress. */
  #placeText(): void {
    const fresh = this.#fresh;
    if (fresh === "" && !this.#isNew) return;
    this.#text += fresh;
    this.#fresh = "";
    if (this.#isNew) this.#add(this.#text);
    else {
      this.#change();
      this.#put(this.#text, this.#open.length - 1, false);
      if (this.#isSeen) this.#changes?.push({ path: this.#path(), appended: fresh });
    }
    this.#isNew = false;
  }

  /** Adds a value behind what the innermost open container holds. */
  #add(value: unknown): void {
    this.#change();
    this.#put(value, this.#open.length - 1, true);
    if (this.#isSeen) this.#changes?.push({ path: this.#path(), value });
  }

  /** Before each change: copies the open containers, if somebody has seen them as they are. */
  #change(): void {
    this.#hasChanged = true;
    if (this.#isOwn) return;
    this.#isOwn = true;
    let depth = -1; // of what holds the container to copy
    for (const open of this.#open) {
      open.container = Array.isArray(open.container) ? open.container.slice() : { ...open.container };
      this.#put(open.container, depth++, false);
    }
  }

  /** Writes a value into the container that is open at a depth: as a new member, or in place of the last. */
  #put(value: unknown, depth: number, isNew: boolean): void {
    const open = this.#open[depth];
    if (open === undefined) this.root = value;
    else if (Array.isArray(open.container)) open.container[open.container.length - (isNew ? 0 : 1)] = value;
    else if (open.key !== "__proto__") open.container[open.key] = value;
    else {
      // Assigning it would set the prototype.
      const property = { value, writable: true, enumerable: true, configurable: true };
      Object.defineProperty(open.container, open.key, property);
    }
  }

  get #isSeen(): boolean {
    return this.#open.length <= this.#shown;
  }

  #path(): (string | number)[] {
    return this.#open.map(({ container, key }) => (Array.isArray(container) ? container.length - 1 : key));
  }
}

function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800;
}

/** The value of a number or a literal. */
function scalar(text: string): unknown {
  switch (text) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default:
      return Number(text);
  }
}
