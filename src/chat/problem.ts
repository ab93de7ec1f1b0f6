import type { Frame } from "./dialect.js";
import type { Problem } from "./framing/framing.js";
import { isObject, isSomething, isText, listOf, objectOf } from "./values.js";

const RAW_LENGTH = 2000; // the beginning of an error's text, which can be a page
const SHOWN_LENGTH = 200; // of it in a message

/** Whether a frame says, beside or instead of anything else, that the provider failed. */
export function isFailure({ name, type, object: { error, errors, object } }: Frame): boolean {
  return (
    name === "error" ||
    type === "error" ||
    object === "error" ||
    isText(error) ||
    isObject(error) ||
    (Array.isArray(errors) && isSomething(errors))
  );
}

/** What a provider's error says, in any of the forms in which providers write it. */
export function problemOf(value: unknown, raw: string, httpStatus?: number): Problem {
  const outer = objectOf(value);
  const cause = outer["error"] ?? listOf(outer["errors"])[0] ?? value;
  const { message, Message, msg, detail, title, errorText, code, type, status, status_code } = objectOf(cause);
  const beginning = raw.slice(0, RAW_LENGTH);
  return {
    message: [cause, message, Message, msg, detail, title, outer["message"], errorText].find(isText) ?? beginning,
    code: [code, type, status, outer["code"]].find(isCode),
    status: httpStatus ?? [status_code, status, code].find(isStatus),
    raw: beginning,
    cause,
  };
}

/** A framing's problem with what the provider's error in it says. */
export function detailed(problem: Problem): Problem {
  const { cause, raw, message, code } = problem;
  if (cause === undefined) return problem;
  const said = problemOf(cause, raw);
  return { ...said, message: said.message === raw ? message : said.message, code: code ?? said.code };
}

/** What a body says that is no stream: JSON, a page, or words. */
export function problemOfBody(text: string, status: number | undefined): Problem {
  const json = jsonIn(text);
  const what = status === undefined ? "The body is no stream" : `HTTP status ${status}`;
  const problem = problemOf(json, text, status);
  if (json !== undefined && problem.message !== problem.raw) return problem;
  const said = /<title[^>]*>\s*([^<]*?)\s*</i.exec(text)?.[1] ?? text.trim().slice(0, SHOWN_LENGTH);
  return { ...problem, message: said === "" ? what : `${what}: ${said}` };
}

/** The JSON object that a text is, or that stands in its first event or its array. */
function jsonIn(text: string): unknown {
  for (const candidate of [text, /^data: ?(.*)$/m.exec(text)?.[1] ?? ""]) {
    try {
      const value: unknown = listOf(JSON.parse(candidate))[0];
      if (isObject(value)) return value;
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
