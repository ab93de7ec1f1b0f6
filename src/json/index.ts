export { type ChangeList, listChanges } from "./changes.js";
export { PartialJSONError, type PartialJSONOptions, partialJSON } from "./partial.js";
export { type Selected, type SelectJSONOptions, selectJSON } from "./select.js";
export type { Change, Changes, DeepPartial, Snapshot } from "./snapshot.js";
export {
  SchemaError,
  type SchemaInput,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaResult,
  type StandardSchema,
} from "./standard-schema.js";
export { unfence } from "./unfence.js";
export { type Validated, validate } from "./validate.js";
