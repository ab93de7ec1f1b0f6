export { type Changes, PartialJSONError, type PartialJSONOptions, partialJSON } from "./partial.js";
export { type Selected, type SelectJSONOptions, selectJSON } from "./select.js";
export type { DeepPartial, Snapshot } from "./snapshot.js";
export {
  SchemaError,
  type SchemaInput,
  type SchemaIssue,
  type SchemaOutput,
  type SchemaResult,
  type StandardSchema,
} from "./standard-schema.js";
export type { Change } from "./tree.js";
export { unfence } from "./unfence.js";
