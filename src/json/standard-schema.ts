import { check } from "../options.js";

/**
 * What a schema of a validation library offers under the name `~standard`, as far as it is read here: zod, valibot, arktype
 * and others have it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** The validated value, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value, and where in it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema takes. */
export type SchemaInput<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["input"];

/** What a schema makes of it. */
export type SchemaOutput<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];

/** The error for a whole value that its schema refuses. The message says where and why; `issues` has all there is to say. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly issues: readonly SchemaIssue[];
  /** The value that was refused. */
  readonly value: unknown;

  constructor(issues: readonly SchemaIssue[], value: unknown) {
    super(`The value is not what its schema says: ${issues.map(describeIssue).join("; ")}`);
    this.issues = issues;
    this.value = value;
  }
}

function describeIssue({ path = [], message }: SchemaIssue): string {
  const place = path.map((part) => {
    const key = typeof part === "object" ? part.key : part;
    return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
  });
  return `$${place.join("")}: ${message}`;
}

/**
 * What gives what the schema makes of a value.
 *
 * @throws TypeError unless it is a Standard Schema; later, when it is asynchronous
 * @throws SchemaError, later, when it refuses a value
 */
export function validator<Output>(schema: StandardSchema<unknown, Output>): (value: unknown) => Output {
  const standard = schema?.["~standard"];
  check("schema", schema, typeof standard?.validate === "function", "a Standard Schema");
  return (value) => {
    const result = standard.validate(value);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new TypeError("schema must not be asynchronous: check the rest of the value when it is done");
    }
    if (result.issues !== undefined) throw new SchemaError(result.issues, value);
    return result.value;
  };
}
