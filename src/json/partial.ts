import { SluiceError, type SluiceErrorCode, type SluiceErrorDetails } from "../errors.js";
import { check } from "../options.js";
import { type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import type { listChanges } from "./changes.js";
import { describe } from "./describe.js";
import { OneValue } from "./one-value.js";
import { checkReading, type ReadingOptions } from "./reading-options.js";
import type { Changes, Snapshot } from "./snapshot.js";
import { growTree } from "./tree.js";

/** Options of `partialJSON`. */
export interface PartialJSONOptions extends ReadingOptions {
  /** Hands out one growing value instead of snapshots that never change: a chunk then costs only what changed in it. */
  mutable?: boolean;
  /** `listChanges`, for snapshots that tell in `changes` what is new in them. */
  changes?: typeof listChanges;
}

/** The error for text that is not, or not yet, a JSON value. It has what there was of it. */
export class PartialJSONError extends SluiceError {
  /** The last snapshot before the error; undefined when there was none. */
  readonly snapshot: Snapshot<unknown> | undefined;

  constructor(
    code: SluiceErrorCode,
    message: string,
    details: SluiceErrorDetails & { snapshot: Snapshot<unknown> | undefined },
  ) {
    super(code, message, details);
    this.snapshot = details.snapshot;
  }
}

/**
 * Shows a JSON value while it is being written: at most one snapshot for each chunk of text, wherever the cuts are.
 *
 * Numbers and literals appear when they are whole, keys together with the beginning of their value; strings grow. Snapshots
 * never change, and what did not change is the same object as in the one before. The last one, and only that, has
 * `done: true`, and its value equals JSON.parse's.
 *
 * @throws PartialJSONError "malformed", "too-long" or "too-deep" at once, "truncated" at the end: a SluiceError that has the
 *   last snapshot. White space may stand around the value, nothing else
 * @throws TypeError when a chunk is not a string
 *
 * @example
 * ```ts
 * import { flow } from "sluice";
 * import { partialJSON } from "sluice/json";
 *
 * const snapshots = flow(['{"name":"Ad', 'a","ag', 'e":3', "6}"], partialJSON<{ name: string; age: number }>());
 * for await (const { value, done } of snapshots) console.log(value, done);
 * // → { name: 'Ad' } false
 * // → { name: 'Ada' } false
 * // → { name: 'Ada', age: 36 } true
 * ```
 */
export function partialJSON<T = unknown>(
  options: PartialJSONOptions & { changes: typeof listChanges },
): Stage<string, Snapshot<T> & Changes>;
export function partialJSON<T = unknown>(options?: PartialJSONOptions): Stage<string, Snapshot<T>>;
export function partialJSON({
  mutable = false,
  changes,
  ...options
}: PartialJSONOptions = {}): Stage<string, Snapshot<unknown>> {
  check("changes", changes, changes === undefined || typeof changes === "function", "listChanges");
  const reading = checkReading(options);

  return stage((out) => {
    const list = changes?.();
    const tree = growTree(mutable, list?.note);
    const input = new OneValue(reading, tree);
    let pending = ""; // the value's text so far, for an error
    let last: Snapshot<unknown> | undefined;

    /** Gives a snapshot if there is something new in it. */
    function show(isWhole: boolean): void {
      const hasChanged = tree.show();
      const done = isWhole && !last?.done;
      if (!hasChanged && !done) return;
      const snapshot = { value: tree.root(), done, ...list?.take() };
      last = snapshot;
      out.push(snapshot);
    }

    function fail(code: SluiceErrorCode): PartialJSONError {
      const { began } = input;
      const offset = code === "too-long" ? began : input.offset;
      const message = describe(code, pending, began, offset, reading);
      return new PartialJSONError(code, message, { raw: pending, offset, snapshot: last });
    }

    return {
      push(text) {
        checkText("partialJSON", text);
        const { offset } = input;
        const problem = input.readOn(text);
        show(input.isWhole);
        pending =
          (input.isWhole ? "" : pending) + text.slice(Math.max(0, input.began - offset), input.offset - offset + 1);
        if (problem !== undefined) throw fail(problem);
      },
      end() {
        const isWhole = input.finish();
        show(isWhole);
        if (!isWhole) throw fail("truncated");
        out.end();
      },
    };
  });
}
