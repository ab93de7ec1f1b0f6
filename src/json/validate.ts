import { kindOf } from "../errors.js";
import { type Stage, stage } from "../stage.js";
import type { Changes, Snapshot } from "./snapshot.js";
import { type SchemaInput, type SchemaOutput, type StandardSchema, validator } from "./standard-schema.js";

/** What `validate` makes of a snapshot: the whole value is what the schema gives, `changes` stay. */
export type Validated<Shown, S extends StandardSchema> = Snapshot<SchemaInput<S>, SchemaOutput<S>> &
  ([Shown] extends [Changes] ? Changes : unknown);

/**
 * Asks a schema about the whole value, behind `partialJSON`: the last snapshot then has what the schema gives, and its type.
 * The others pass through as they are.
 *
 * A value that the schema refuses is shown all the same, with `done: false`, and then comes the error.
 *
 * @param schema a Standard Schema (zod, valibot, arktype …) that is not asynchronous
 * @throws SchemaError when the schema refuses the value; it has the `issues` and the `value`
 * @throws TypeError at once for what is no Standard Schema; later for one that is asynchronous, and for what is no snapshot
 * @see https://standardschema.dev
 *
 * @example
 * ```ts
 * import { flow } from "sluice";
 * import { partialJSON, validate } from "sluice/json";
 * import * as z from "zod";
 *
 * const Meeting = z.object({ day: z.string().transform((text) => new Date(text)) });
 * for await (const meeting of flow(['{"day":"2026-', '11-20"}'], partialJSON(), validate(Meeting))) {
 *   if (meeting.done) console.log("whole", meeting.value.day.getFullYear());
 *   else console.log(meeting.value.day);
 * }
 * // → 2026-
 * // → whole 2026
 * ```
 */
export function validate<S extends StandardSchema, Shown extends Snapshot<unknown> = Snapshot<unknown>>(
  schema: S,
): Stage<Shown, Validated<Shown, S>>;
export function validate(schema: StandardSchema): Stage<Snapshot<unknown>, Snapshot<unknown>> {
  const conform = validator(schema);

  return stage((out) => ({
    push(snapshot) {
      if (typeof snapshot?.done !== "boolean") throw new TypeError(`validate takes snapshots; got ${kindOf(snapshot)}`);
      if (!snapshot.done) return out.push(snapshot);
      let shown: Snapshot<unknown> = { ...snapshot, done: false };
      try {
        shown = { ...snapshot, value: conform(snapshot.value) };
      } finally {
        out.push(shown);
      }
    },
    end: () => out.end(),
  }));
}
