// JSON as it comes: anything may be missing, null, or of another type than it should be.

/** The value as an object whose properties may be anything or missing; an empty one if it is none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}

/** Whether a value is an object or an array. */
export function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The value as a list; a value that is none is its only element, and nothing has none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** Whether something is there: neither null nor an empty string, list or object. */
export function isSomething(value: unknown): boolean {
  if (isContainer(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== "" && value !== false;
}

/** Whether a value is text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** The value of a JSON text; undefined if it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
