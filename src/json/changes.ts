import type { Change, Changes } from "./snapshot.js";
import type { OnWrite } from "./tree.js";

/** Keeps what changes in a tree until it is shown. */
export interface ChangeList {
  readonly note: OnWrite;
  /** What has changed since it was taken last. */
  readonly take: () => Changes;
}

/**
 * For the option `changes` of `partialJSON`: its snapshots then tell what is new in them, in order, and where.
 *
 * @example
 * ```ts
 * import { flow } from "sluice";
 * import { listChanges, partialJSON } from "sluice/json";
 *
 * const snapshots = flow(['{"tags":["a', 'b","c"', ',{"d":1}]}'], partialJSON({ changes: listChanges }));
 * for await (const { changes } of snapshots) console.log(changes);
 * // → [ { path: [], value: { tags: ['a'] } } ]
 * // → [ { path: ['tags', 0], appended: 'b' }, { path: ['tags', 1], value: 'c' } ]
 * // → [ { path: ['tags', 2], value: { d: 1 } } ]
 * ```
 */
export function listChanges(): ChangeList {
  let changes: Change[] = [];
  const unseen = new Set<unknown>(); // containers that nobody has seen: a change inside of one is no change of its own

  return {
    note(open, value, appended) {
      if (typeof value === "object") unseen.add(value);
      if (unseen.has(open.container)) return;
      const path: (string | number)[] = [];
      for (let at = open; at.outer !== undefined; at = at.outer) path.push(at.key);
      path.reverse();
      changes.push(appended === undefined ? { path, value } : { path, appended });
    },
    take() {
      const taken = { changes };
      changes = [];
      unseen.clear();
      return taken;
    },
  };
}
