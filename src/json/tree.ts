import { type Listener, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "./recognise.js";

/** What is written to by key: an object, or an array by its indexes. */
type Container = Record<string | number, unknown>;

const asContainer = (array: unknown[]): Container => array as object as Container;

/** A container that is still open, and where its last member is. */
export interface Open {
  container: Container;
  key: string | number;
  outer: Open | undefined;
}

/** Is told of each change: the last member of an open container has a new value, or text was appended to what it was. */
export type OnWrite = (open: Open, value: unknown, appended: string | undefined) => void;

/** What there is of a value. */
export interface Tree extends Listener {
  /** The value as far as it has been placed; undefined before there is any. */
  root: () => unknown;
  /** Brings the value up to date. @returns whether it has changed since it was shown last */
  show: () => boolean;
}

/**
 * Grows a JSON value as a recogniser reads it. `show` tells where it has got to; unless it is mutable, what has been shown
 * never changes: the first change after it copies each container that is open then, and nothing else.
 */
export function growTree(isMutable: boolean, onWrite?: OnWrite): Tree {
  const outermost: Open = { container: asContainer([]), key: 0, outer: undefined }; // holds the value
  let open = outermost; // the innermost
  let hasChanged = false; // since it was shown: nobody has seen the open containers as they are

  // Of the string in progress. Text is added to it once per chunk, since a growing string is a rope.
  let isString = false; // and not a key, number or literal
  let placed: string | undefined;
  let fresh = ""; // what has come since: of a key, number or literal all there is

  /** Writes a value into the innermost open container: as a new member, or in place of the last, which it only appends to. */
  function write(value: unknown, appended?: string): void {
    if (!hasChanged && !isMutable) copyOpen();
    hasChanged = true;
    // Assigning it would set the prototype.
    if (open.key === "__proto__")
      Object.defineProperty(open.container, open.key, { value, writable: true, enumerable: true, configurable: true });
    else open.container[open.key] = value;
    onWrite?.(open, value, appended);
  }

  function copyOpen(): void {
    let inner: Container | undefined;
    for (let at: Open | undefined = open; at !== undefined; at = at.outer) {
      at.container = Array.isArray(at.container) ? asContainer(at.container.slice()) : { ...at.container };
      if (inner !== undefined) at.container[at.key] = inner;
      inner = at.container;
    }
  }

  function enter(container: Container): void {
    write(container);
    open = { container, key: "", outer: open };
  }

  /** Places what is new of the string in progress; half a surrogate pair is held back until the other half comes. */
  function place(isWhole: boolean): void {
    const isHalf = !isWhole && (fresh.charCodeAt(fresh.length - 1) & 0xfc00) === 0xd800;
    const text = isHalf ? fresh.slice(0, -1) : fresh;
    if (text === "" && placed !== undefined) return;
    fresh = fresh.slice(text.length);
    const isNew = placed === undefined;
    placed = (placed ?? "") + text;
    write(placed, isNew ? undefined : text);
  }

  return {
    root: () => outermost.container[0],
    show() {
      if (isString) place(false);
      const isNews = hasChanged;
      hasChanged = false;
      return isNews;
    },
    begin(code) {
      if (Array.isArray(open.container)) open.key = open.container.length;
      if (code === OPEN_BRACE) enter({});
      else if (code === OPEN_BRACKET) enter(asContainer([]));
      else isString = code === QUOTE;
    },
    part(text) {
      fresh += text;
    },
    key() {
      open.key = fresh;
      fresh = "";
    },
    end() {
      if (isString) {
        place(true);
        isString = false;
        placed = undefined;
      } else if (fresh !== "") {
        write(JSON.parse(fresh)); // a number or a literal
        fresh = "";
      } else {
        open = open.outer ?? outermost;
      }
    },
  };
}
