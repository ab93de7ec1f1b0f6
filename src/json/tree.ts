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
    if (this.#isString) this.#placeText(false);
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

  begin(character: string): void {
    if (character === "{") this.#enter({});
    else if (character === "[") this.#enter([]);
    else if (character === '"') this.#isString = this.#isNew = true;
  }

  part(text: string, start: number, end: number): void {
    this.#fresh += text.slice(start, end);
  }

  key(): void {
    const open = this.#open[this.#open.length - 1];
    if (open !== undefined) open.key = this.#fresh;
    this.#fresh = "";
  }

  end(): void {
    if (this.#isString) {
      this.#placeText(true);
      this.#isString = false;
      this.#text = "";
    } else if (this.#fresh !== "") {
      this.#write(JSON.parse(this.#fresh), true); // a number or a literal
      this.#fresh = "";
    } else {
      this.#open.pop();
      this.#shown = Math.min(this.#shown, this.#open.length);
    }
    this.isWhole = this.#open.length === 0;
  }

  #enter(container: Container): void {
    this.#write(container, true);
    this.#open.push({ container, key: "" });
  }

  /** Places what is new of the string in progress; half a surrogate pair is held back until the other half comes. */
  #placeText(isWhole: boolean): void {
    const isHalf = !isWhole && isHighSurrogate(this.#fresh.charCodeAt(this.#fresh.length - 1));
    const fresh = isHalf ? this.#fresh.slice(0, -1) : this.#fresh;
    if (fresh === "" && !this.#isNew) return;
    this.#fresh = this.#fresh.slice(fresh.length);
    this.#text += fresh;
    this.#write(this.#text, this.#isNew, fresh);
    this.#isNew = false;
  }

  /** Writes a value into the innermost open container: as a new member, or in place of the last, which it only appends to. */
  #write(value: unknown, isNew: boolean, appended = ""): void {
    this.#change();
    this.#put(value, this.#open.length - 1, isNew);
    if (this.#changes === undefined || this.#open.length > this.#shown) return;
    const path = this.#open.map(({ container, key }) => (Array.isArray(container) ? container.length - 1 : key));
    this.#changes.push(isNew ? { path, value } : { path, appended });
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
}

function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800;
}
