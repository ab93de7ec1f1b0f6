import type { Frame } from "./dialect.js";
import type { Problem } from "./framing/framing.js";
import { isObject, isText, listOf, objectOf } from "./values.js";

const RAW_LENGTH = 2000; // the beginning of an error's text, which can be a page

/** Whether a frame says, beside or instead of anything else, that the provider failed. */
export function isFailure({ value, name }: Frame): boolean {
  if (name === "error") return true;
  const { error, errors, type, object } = objectOf(value);
  if (typeof error === "string" ? error !== "" : isObject(error)) return true;
  return type === "error" || object === "error" || (Array.isArray(errors) && errors.length > 0);
}

/** What a provider's error says, in any of the forms in which providers write it. */
export function problemOf(value: unknown, raw: string, httpStatus?: number): Problem {
  const outer = objectOf(value);
  const cause = outer["error"] ?? listOf(outer["errors"])[0] ?? value;
  const error = objectOf(cause);
  const message =
    [
      cause,
      error["message"],
      error["Message"],
      error["msg"],
      error["detail"],
      error["title"],
      outer["message"],
      error["errorText"],
    ].find(isText) ?? raw.slice(0, RAW_LENGTH);
  const code = [error["code"], error["type"], error["status"], outer["code"]].find(isCode);
  const status = httpStatus ?? [error["status_code"], error["status"], error["code"]].find(isStatus);
  return { message, code, status, raw: raw.slice(0, RAW_LENGTH), cause };
}

/** What a body says that is no stream: JSON, a page, or words. */
export function problemOfBody(text: string, status: number | undefined): Problem {
  const json = jsonIn(text);
  const what = status === undefined ? "The body is no stream" : `HTTP status ${status}`;
  if (isObject(json)) {
    const problem = problemOf(json, text, status);
    return problem.message === problem.raw ? { ...problem, message: `${what}: ${problem.raw.slice(0, 200)}` } : problem;
  }
  const title = /<title[^>]*>\s*([^<]*?)\s*</i.exec(text)?.[1] ?? text.trim().slice(0, 200);
  return { ...problemOf(undefined, text, status), message: title === "" ? what : `${what}: ${title}` };
}

/** The JSON that a text is, or that stands in its first event or its array. */
function jsonIn(text: string): unknown {
  for (const candidate of [text, /^data: ?(.*)$/m.exec(text)?.[1] ?? ""]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return Array.isArray(value) ? value[0] : value;
    } catch {
      // not this one
    }
  }
  return undefined;
}

function isCode(value: unknown): value is string | number {
  return typeof value === "number" || (isText(value) && value !== "error");
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && value >= 400 && value < 600;
}
