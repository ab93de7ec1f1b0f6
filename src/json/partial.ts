import { SluiceError, type SluiceErrorCode, type SluiceErrorDetails } from "../errors.js";
import { checkChoice, checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import { type Stage, stage } from "../stage.js";
import { checkText } from "../text/check-text.js";
import { describe } from "./describe.js";
import { OneValue } from "./one-value.js";
import { DEFAULT_MAX_DEPTH } from "./recognise.js";
import type { Snapshot } from "./snapshot.js";
import { checkSchema, type SchemaInput, type SchemaOutput, type StandardSchema, validate } from "./standard-schema.js";
import { type Change, Tree } from "./tree.js";

/** Options of `partialJSON`. */
export interface PartialJSONOptions {
  /** Hands out one growing value instead of snapshots that never change: a chunk then costs only what changed in it. */
  mutable?: boolean;
  /** Whether snapshots tell in `changes` what is new in them. */
  changes?: boolean;
  /** A Standard Schema (zod, valibot, arktype …), not asynchronous, for the whole value. The last snapshot has what it gives. */
  schema?: StandardSchema;
  /** Whether raw control characters are kept inside strings and dropped around the value, or malformed as in JSON.parse. */
  controlCharacters?: "escape" | "reject";
  /** The most characters (UTF-16 code units) of the value's text; 32 Mi unless told otherwise. */
  maxValueLength?: number;
  /** The most containers inside each other; 1,000 unless told otherwise. */
  maxDepth?: number;
}

/** With `changes: true`: what makes the snapshot before into this one, in order. */
export interface Changes {
  readonly changes: readonly Change[];
}

/** The error for text that is not, or not yet, a JSON value. It has what there was of it. */
export class PartialJSONError extends SluiceError {
  /** The last snapshot before the error; undefined when there was none. */
  readonly snapshot: Snapshot<unknown> | undefined;

  constructor(
    code: SluiceErrorCode,
    message: string,
    { snapshot, ...details }: SluiceErrorDetails & { snapshot: Snapshot<unknown> | undefined },
  ) {
    super(code, message, details);
    this.snapshot = snapshot;
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
 * @throws SchemaError when the schema refuses the whole value
 * @throws TypeError when a chunk is not a string, or for a schema that is asynchronous
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
 *
 * @example What is new, for those who want it
 * ```ts
 * import { flow } from "sluice";
 * import { partialJSON } from "sluice/json";
 *
 * const snapshots = flow(['{"tags":["a', 'b","c"', ',{"d":1}]}'], partialJSON({ changes: true }));
 * for await (const { changes } of snapshots) console.log(changes);
 * // → [ { path: [], value: { tags: ['a'] } } ]
 * // → [ { path: ['tags', 0], appended: 'b' }, { path: ['tags', 1], value: 'c' } ]
 * // → [ { path: ['tags', 2], value: { d: 1 } } ]
 * ```
 */
export function partialJSON<S extends StandardSchema>(
  options: PartialJSONOptions & { schema: S; changes: true },
): Stage<string, Snapshot<SchemaInput<S>, SchemaOutput<S>> & Changes>;
export function partialJSON<S extends StandardSchema>(
  options: PartialJSONOptions & { schema: S },
): Stage<string, Snapshot<SchemaInput<S>, SchemaOutput<S>>>;
export function partialJSON<T = unknown>(
  options: PartialJSONOptions & { changes: true },
): Stage<string, Snapshot<T> & Changes>;
export function partialJSON<T = unknown>(options?: PartialJSONOptions): Stage<string, Snapshot<T>>;
export function partialJSON({
  mutable = false,
  changes: wantsChanges = false,
  schema,
  controlCharacters = "escape",
  maxValueLength = DEFAULT_MAX_LENGTH,
  maxDepth = DEFAULT_MAX_DEPTH,
}: PartialJSONOptions = {}): Stage<string, Snapshot<unknown>> {
  checkChoice("controlCharacters", controlCharacters, ["escape", "reject"]);
  checkLimit("maxValueLength", maxValueLength);
  checkLimit("maxDepth", maxDepth);
  if (schema !== undefined) checkSchema(schema);

  return stage((out) => {
    const tree = new Tree(mutable, wantsChanges);
    const input = new OneValue(tree, { maxDepth, allowsControls: controlCharacters === "escape" }, maxValueLength);
    let pending = ""; // the value's text so far, for an error
    let last: (Snapshot<unknown> & Partial<Changes>) | undefined;

    /** Gives a snapshot if there is something new in it. */
    function show(isWhole: boolean): void {
      const hasChanged = tree.show();
      if (isWhole && !last?.done) {
        let value = tree.root;
        try {
          if (schema !== undefined) value = validate(schema, value);
        } catch (error) {
          if (hasChanged) give({ value: tree.root, done: false });
          throw error;
        }
        give({ value, done: true });
      } else if (hasChanged) give({ value: tree.root, done: false });
    }

    function give(snapshot: Snapshot<unknown>): void {
      const shown = wantsChanges ? { ...snapshot, changes: tree.takeChanges() } : snapshot;
      last = shown;
      out.push(shown);
    }

    function fail(code: SluiceErrorCode, raw: string, began: number, at: number): PartialJSONError {
      const message = describe(code, { raw, at, began, maxValueLength, maxDepth });
      return new PartialJSONError(code, message, { raw, offset: code === "too-long" ? began : at, snapshot: last });
    }

    return {
      push(text) {
        checkText("partialJSON", text);
        const problem = input.read(text);
        const { offset, began } = input;
        show(tree.isWhole && problem?.code !== "too-long");
        const start = Math.max(0, began - offset);
        if (problem === undefined) {
          pending = tree.isWhole ? "" : pending + text.slice(start);
        } else {
          const { code, index } = problem;
          if (last?.done) throw fail(code, text.charAt(index), offset + index, offset + index);
          throw fail(code, pending + text.slice(start, index + 1), began, offset + index);
        }
      },
      end() {
        const isWhole = input.finish();
        show(isWhole);
        if (!isWhole) throw fail("truncated", pending, input.began, input.offset);
        out.end();
      },
    };
  });
}
