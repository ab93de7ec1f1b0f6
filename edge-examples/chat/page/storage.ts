import { isInsideCharacter } from "./characters.ts";
import { nextTask } from "./next-task.ts";
import { newAnswer, type Turn } from "./turn.ts";

/** Here stands which pieces make which turn; each piece stands at this, a slash and its name. */
const KEY = "sluice-chat/2";

/** In characters. Chromium takes a few milliseconds for one, and a tenth of a second for a megabyte at once. */
const PIECE_LENGTH = 65_536;

/**
 * What of a conversation outlives a reload. It lives as long as the tab, and is nobody else's.
 *
 * A turn is kept as pieces of its JSON, of which only changed ones are written, each in a task of its own unless the page goes
 * or the next turn comes. A changed piece gets a new name, so that the old turn is whole until the list names the new one.
 */
export class KeptTurns {
  readonly #storage: Storage | undefined;
  /** The names of the pieces of each turn, the oldest turn first. */
  readonly #kept: Map<Turn, readonly string[]> = new Map();
  #writing: Iterator<void> | undefined;
  #lastName = 0;

  constructor(storage: Storage | undefined = storageOfTab()) {
    this.#storage = storage;
  }

  /** Brings back the turns that can be read, the oldest first. */
  load(): Turn[] {
    for (const names of namesIn(this.#storage?.getItem(KEY))) {
      const turn = turnIn(names.map((name) => this.#piece(name)).join(""));
      if (turn !== undefined) this.#kept.set(turn, names);
    }
    this.#sweep(); // the page may have gone while it wrote
    return [...this.#kept.keys()];
  }

  /**
   * Keeps a turn as it is now: a new one behind the others, one that has changed in its place. When there is no room for all,
   * the oldest are forgotten.
   */
  async keep(turn: Turn): Promise<void> {
    this.#finish();
    const writing = this.#write(turn);
    this.#writing = writing;
    while (this.#writing === writing && writing.next().done === false) await nextTask();
  }

  /** The same in one task, when the page is about to go. */
  keepAtOnce(turn: Turn): void {
    void this.keep(turn);
    this.#finish();
  }

  forget(turn: Turn): void {
    this.#finish();
    this.#drop(turn);
  }

  /** Forgets everything. */
  clear(): void {
    this.#writing = undefined;
    this.#kept.clear();
    this.#list();
  }

  /** Writes the rest of what is being written. */
  #finish(): void {
    const writing = this.#writing;
    this.#writing = undefined;
    while (writing?.next().done === false);
  }

  /** In as many steps as the turn has pieces. */
  *#write(turn: Turn): Generator<void> {
    const before = this.#kept.get(turn) ?? [];
    const names: string[] = [];
    for (const piece of piecesOf(JSON.stringify(turn))) {
      if (names.length > 0) yield;
      const old = before[names.length];
      const name = old !== undefined && this.#piece(old) === piece ? old : this.#add(piece, turn);
      if (name === undefined) return this.#list(); // without it, or with what was kept of it before
      names.push(name);
    }
    this.#kept.set(turn, names);
    this.#list();
  }

  /** @returns the name of the new piece; undefined when there is no room for it, and no turn older than its own */
  #add(piece: string, turn: Turn): string | undefined {
    do this.#lastName += 1;
    while (this.#piece(`${this.#lastName}`) !== "");
    const name = `${this.#lastName}`;
    for (;;) {
      try {
        this.#storage?.setItem(keyOf(name), piece);
        return name;
      } catch {
        const [oldest] = this.#kept;
        if (oldest === undefined || oldest[0] === turn) return undefined;
        this.#kept.delete(oldest[0]);
        for (const old of oldest[1]) this.#storage?.removeItem(keyOf(old));
      }
    }
  }

  #piece(name: string): string {
    return this.#storage?.getItem(keyOf(name)) ?? "";
  }

  #drop(turn: Turn): void {
    this.#kept.delete(turn);
    this.#list();
  }

  /** Writes down which pieces make which turn, and takes away those that make none any more. */
  #list(): void {
    while (!this.#isListed()) {
      const [oldest] = this.#kept.keys();
      if (oldest === undefined) return;
      this.#kept.delete(oldest); // full to the last character
    }
  }

  #isListed(): boolean {
    try {
      if (this.#kept.size === 0) this.#storage?.removeItem(KEY);
      else this.#storage?.setItem(KEY, JSON.stringify([...this.#kept.values()]));
      return true;
    } catch {
      return false;
    } finally {
      this.#sweep();
    }
  }

  #sweep(): void {
    const inUse = new Set([...this.#kept.values()].flat().map(keyOf));
    const { length } = this.#storage ?? [];
    const keys = Array.from({ length }, (_, index) => this.#storage?.key(index) ?? "");
    for (const key of keys) if (key.startsWith(keyOf("")) && !inUse.has(key)) this.#storage?.removeItem(key);
  }
}

/** Browsers can be told to let pages keep nothing. */
function storageOfTab(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

function keyOf(name: string): string {
  return `${KEY}/${name}`;
}

/** No piece ends in the middle of a character. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + PIECE_LENGTH;
    if (isInsideCharacter(text, end)) end += 1;
    yield text.slice(start, end);
  }
}

function namesIn(list: string | null = null): string[][] {
  const turns = parsed(list ?? "[]");
  return Array.isArray(turns) ? turns.filter((names) => Array.isArray(names)).map((names) => names.map(String)) : [];
}

function turnIn(json: string): Turn | undefined {
  const turn = parsed(json);
  return isTurn(turn) ? turn : undefined;
}

/** @returns undefined for what is no JSON */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isTurn(value: unknown): value is Turn {
  const { question, answer } = recordOf(value);
  const { text, reasoning, calls, counts } = recordOf(answer);
  const like = newAnswer();
  return (
    typeof question === "string" &&
    typeof text === typeof like.text &&
    typeof reasoning === typeof like.reasoning &&
    Array.isArray(calls) &&
    typeof counts === "object"
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
