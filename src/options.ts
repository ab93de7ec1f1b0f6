import { kindOf } from "./errors.js";

/** The most characters a value, an event or a line may have unless told otherwise: far above anything seen, far below harm. */
export const DEFAULT_MAX_LENGTH: number = 32 * 1024 * 1024;

/** Checks an option that limits something. @throws TypeError unless it is a number of at least 1, or Infinity */
export function checkLimit(name: string, value: number): number {
  if (typeof value === "number" && value >= 1) return value;
  throw new TypeError(`${name} must be a number of at least 1, or Infinity; got ${shown(value)}`);
}

/** Checks an option that is one of a few words. @throws TypeError that lists them */
export function checkChoice<T extends string>(name: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  throw new TypeError(
    `${name} must be ${choices.map((choice) => JSON.stringify(choice)).join(" or ")}; got ${shown(value)}`,
  );
}

/** Checks what must be a function. @throws TypeError otherwise */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`${name} must be a function; got ${shown(value)}`);
}

/** Checks an option that is true or false. @throws TypeError otherwise: `"false"` would count as true */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false; got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" ? String(value) : kindOf(value);
}
