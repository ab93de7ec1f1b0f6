import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { KeptTurns } from "../../../../edge-examples/chat/page/storage.ts";
import { newAnswer, type Turn } from "../../../../edge-examples/chat/page/turn.ts";

const PIECE = 65_536;

/** A tab's storage, with room for so many characters, which calls `onWrite` after each change. */
class TabStorage implements Storage {
  readonly entries: Map<string, string>;
  readonly room: number;
  onWrite: () => void = () => undefined;

  constructor(entries: Iterable<[string, string]> = [], room = Infinity) {
    this.entries = new Map(entries);
    this.room = room;
  }

  get length(): number {
    return this.entries.size;
  }

  get used(): number {
    return [...this.entries].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  }

  key(index: number): string | null {
    return [...this.entries.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (/\p{Surrogate}/u.test(value)) throw new Error("Half a character: not every browser gives it back");
    const before = this.entries.get(key);
    this.entries.set(key, value);
    if (this.used > this.room) {
      if (before === undefined) this.entries.delete(key);
      else this.entries.set(key, before);
      throw new DOMException("Full", "QuotaExceededError");
    }
    this.onWrite();
  }

  removeItem(key: string): void {
    this.entries.delete(key);
    this.onWrite();
  }

  clear(): void {
    this.entries.clear();
  }
}

const turnOf = (question: string, text = ""): Turn => ({ question, answer: { ...newAnswer(), text } });
const copyOf = (turns: readonly Turn[]): Turn[] => structuredClone([...turns]);
const afterReload = (storage: TabStorage): Turn[] => new KeptTurns(new TabStorage(storage.entries)).load();
/** The keys that only what is kept has a use for. */
const pieces = (storage: TabStorage): string[] => [...storage.entries.keys()].filter((key) => key.includes("/2/"));

/** From nothing to three pieces; the characters of two code units fall on the borders, too. */
const text = fc
  .tuple(fc.constantFrom("a", "\u{1f600}", '"', "\u{1f600}b"), fc.integer({ min: 0, max: 150_000 }))
  .map(([unit, length]) => unit.repeat(length / unit.length));
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant("ask" as const), text }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("grow" as const), text, atOnce: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("forget" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("clear" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reload" as const) }) },
);

describe("the kept turns", () => {
  test("are, after a reload at any moment, those before a step or those after it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.boolean(), async (steps, waits) => {
        let turns: Turn[] = [];
        let right = ["[]"]; // what may be kept now
        const wrong: unknown[] = [];
        const keepings: Promise<void>[] = [];
        const open = (entries: Iterable<[string, string]> = []): TabStorage => {
          const storage = new TabStorage(entries);
          storage.onWrite = () => {
            const found = JSON.stringify(afterReload(storage));
            if (!right.includes(found)) wrong.push(found);
          };
          return storage;
        };
        let storage = open();
        let kept = new KeptTurns(storage);

        for (const { type, ...more } of steps) {
          const last = turns.at(-1);
          const added = "text" in more ? more.text : "";
          if (type === "ask") turns.push(turnOf(`question ${turns.length}`, added));
          if (type === "grow" && last !== undefined) last.answer.text += added;
          if (type === "forget") turns.pop();
          if (type === "clear") turns = [];
          right.push(JSON.stringify(turns));

          const changed = turns.at(-1);
          if (type === "reload") {
            storage.onWrite = () => undefined; // the page that has gone writes no more
            storage = open(storage.entries);
            kept = new KeptTurns(storage);
            turns = kept.load();
          } else if (type === "clear") kept.clear();
          else if (type === "forget" && last !== undefined) kept.forget(last);
          else if (changed !== undefined && "atOnce" in more && more.atOnce) kept.keepAtOnce(changed);
          else if (changed !== undefined) {
            const keeping = kept.keep(changed);
            keepings.push(keeping);
            if (waits) await keeping;
          }
          expect(wrong).toEqual([]);
          const now = JSON.stringify(turns);
          expect(right).toContain(now);
          if (!waits) continue;
          expect(JSON.stringify(afterReload(storage))).toBe(now);
          right = [now];
        }
        const last = turns.at(-1);
        if (last !== undefined) kept.keepAtOnce(last);
        await Promise.all(keepings);
        expect(JSON.stringify(afterReload(storage))).toBe(JSON.stringify(turns));
        const length = turns.reduce((sum, turn) => sum + JSON.stringify(turn).length, 0);
        const piecesLength = pieces(storage).reduce((sum, key) => sum + (storage.getItem(key)?.length ?? 0), 0);
        expect(piecesLength).toBe(length);
      }),
      { numRuns: 60 },
    );
  });

  test("are written a piece at a time, and only what has changed of them", async () => {
    const storage = new TabStorage();
    const kept = new KeptTurns(storage);
    const turn = turnOf("long", "x".repeat(10 * PIECE));
    const keeping = kept.keep(turn);
    expect(pieces(storage)).toHaveLength(1);
    await keeping;
    expect(pieces(storage)).toHaveLength(11);
    expect(Math.max(...pieces(storage).map((key) => storage.getItem(key)?.length ?? 0))).toBe(PIECE);

    const before = new Set(pieces(storage));
    turn.answer.text += "y";
    kept.keepAtOnce(turn);
    expect(pieces(storage).filter((key) => !before.has(key))).toHaveLength(1);
    expect(afterReload(storage)).toEqual([turn]);
  });

  test("are whole when the page goes, or something else is kept or forgotten, while one is being written", async () => {
    const long = turnOf("long", "x".repeat(5 * PIECE));
    const short = turnOf("short");
    const then: [step: (kept: KeptTurns) => unknown, turns: Turn[]][] = [
      [(kept) => kept.keepAtOnce(short), [long, short]],
      [(kept) => kept.keep(short), [long, short]],
      [(kept) => kept.forget(long), []],
      [(kept) => kept.clear(), []],
    ];
    for (const [next, turns] of then) {
      const storage = new TabStorage();
      const kept = new KeptTurns(storage);
      const keeping = kept.keep(long);
      next(kept);
      expect(afterReload(storage)).toEqual(turns);
      await keeping;
      expect(afterReload(storage)).toEqual(turns);
    }
  });

  test("are the newest, when there is no room for all; the last as it was, when there is none for what it has become", async () => {
    const storage = new TabStorage([["of somebody else", "x".repeat(1000)]], 4 * PIECE);
    const kept = new KeptTurns(storage);
    const turns = ["one", "two", "three"].map((question) => turnOf(question, "x".repeat(1.5 * PIECE)));
    for (const turn of turns) await kept.keep(turn);
    expect(afterReload(storage)).toEqual(copyOf(turns.slice(1)));
    const last = turnOf("four", "x".repeat(3.5 * PIECE));
    await kept.keep(last);
    expect(afterReload(storage)).toEqual([last]);
    const before = copyOf([last]);
    last.answer.text += "x".repeat(PIECE);
    await kept.keep(last);
    expect(afterReload(storage)).toEqual(before);
    await kept.keep(turnOf("five", "x".repeat(5 * PIECE)));
    expect(afterReload(storage)).toEqual([]);
    expect([...storage.entries.keys()]).toEqual(["of somebody else"]);
    const small = turnOf("six");
    await kept.keep(small);
    expect(afterReload(storage)).toEqual([small]);
  });

  test("are never fewer than there is room for, to the last character", async () => {
    const turns = ["one", "two", "three"].map((question) => turnOf(question, "x".repeat(100)));
    const used = async (kept: readonly Turn[]): Promise<number> => {
      const storage = new TabStorage();
      const keeping = new KeptTurns(storage);
      for (const turn of kept) await keeping.keep(turn);
      return storage.used;
    };
    const [one, two, all] = await Promise.all([turns.slice(2), turns.slice(1), turns].map(used));
    for (let room = one ?? 0; room <= (all ?? 0); room++) {
      const storage = new TabStorage([], room);
      const kept = new KeptTurns(storage);
      for (const turn of turns) await kept.keep(turn);
      const found = afterReload(storage);
      expect(found).toEqual(turns.slice(-found.length));
      expect(found.length).toBeGreaterThanOrEqual(room >= (all ?? 0) ? 3 : room >= (two ?? 0) + 10 ? 2 : 1);
    }
  });

  test("leave out what cannot be read, and take it away", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string(), fc.constantFrom('[["1"],["2","9"],["3"],["5"]]', '[["1"],{"map":1}]')),
        fc.json(),
        (list, rubbish) => {
          const good = turnOf("good");
          const storage = new TabStorage([
            ["sluice-chat/2", list],
            ["sluice-chat/2/1", JSON.stringify(good)],
            ["sluice-chat/2/2", JSON.stringify(good).slice(0, -1)],
            ["sluice-chat/2/3", rubbish],
            ["sluice-chat/2/4", "of no turn"],
            ["other", "kept"],
          ]);
          const kept = new KeptTurns(storage);
          const turns = kept.load();
          expect(turns).toEqual(list.startsWith('[["1"],') ? [good] : []);
          expect(storage.getItem("other")).toBe("kept");
          expect(pieces(storage)).toHaveLength(turns.length);
          const next = turnOf("next");
          kept.keepAtOnce(next);
          expect(afterReload(storage)).toEqual([...turns, next]);
        },
      ),
    );
  });

  describe("in a browser that lets the page keep nothing", () => {
    afterEach(() => void vi.unstubAllGlobals());

    test("are none, and nothing fails", async () => {
      Object.defineProperty(globalThis, "sessionStorage", {
        configurable: true,
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
      const kept = new KeptTurns();
      expect(kept.load()).toEqual([]);
      await kept.keep(turnOf("one", "x".repeat(2 * PIECE)));
      kept.forget(turnOf("two"));
      kept.clear();
      expect(new KeptTurns().load()).toEqual([]);
    });
  });
});
