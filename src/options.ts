import { kindOf } from "./errors.js";

/** The most characters a value, an event or a line may have unless told otherwise: far above anything seen, far below harm. */
export const DEFAULT_MAX_LENGTH: number = 32 * 1024 * 1024;

/** Checks an argument. @throws TypeError that says what it must be, and what it is, unless it `isRight` */
export function check(name: string, value: unknown, isRight: boolean, what: string): void {
  if (!isRight) throw new TypeError(`${name} must be ${what}; got ${kindOf(value)}`);
}

/** Checks an option that limits something. @throws TypeError unless it is a number of at least 1, or Infinity */
export function checkLimit(name: string, value: number): number {
  check(name, value, typeof value === "number" && value >= 1, "a number of at least 1, or Infinity");
  return value;
}

/** Checks an option that is one of a few values, such as words, or true and false. @throws TypeError that lists them */
export function checkChoice<T>(name: string, value: T, choices: readonly T[]): void {
  check(name, value, choices.includes(value), choices.map(kindOf).join(" or "));
}

/** Checks what must be a function. @throws TypeError otherwise */
export function checkFunction(name: string, value: unknown): void {
  check(name, value, typeof value === "function", "a function");
}
