import type { Frame } from "./dialect.js";
import type { Problem } from "./framing/framing.js";
import { isObject, isSomething, isText, listOf, objectOf, parsed } from "./values.js";

const RAW_LENGTH = 2000; // the beginning of an error's text, which can be a page
const SHOWN_LENGTH = 200; // of it in a message

/** Whether a frame says, beside or instead of anything else, that the provider failed. */
export function isFailure({ name, type, object: { error, errors, object } }: Frame): boolean {
  return (
    [name, type, object].includes("error") ||
    isText(error) ||
    isObject(error) ||
    (Array.isArray(errors) && isSomething(errors))
  );
}

/** A problem with what the provider itself says of it in `cause`, in any of the forms in which providers write it. */
export function problemOf({ cause: value, raw, message: fallback, code: known, status: http }: Problem): Problem {
  const outer = objectOf(value);
  const cause = outer["error"] ?? listOf(outer["errors"])[0] ?? value;
  const { message, Message, msg, detail, title, errorText, code, type, status, status_code } = objectOf(cause);
  const said = [cause, message, Message, msg, detail, title, outer["message"], errorText].find(isText) ?? fallback;
  return {
    message: said.slice(0, RAW_LENGTH),
    code: [known, code, type, status, outer["code"]].find(isCode),
    status: http ?? [status_code, status, code].find(isStatus),
    raw: raw.slice(0, RAW_LENGTH),
    cause,
  };
}

/** What a body says that is no stream: JSON, a page, or words. */
export function problemOfBody(text: string, status: number | undefined): Problem {
  const what = status === undefined ? "The body is no stream" : `HTTP status ${status}`;
  const said = /<title[^>]*>\s*([^<]*?)\s*</i.exec(text)?.[1] ?? text.trim().slice(0, SHOWN_LENGTH);
  return { cause: jsonIn(text), raw: text, status, message: said === "" ? what : `${what}: ${said}` };
}

/** The JSON object that a text is, or that stands in its first event or its array. */
function jsonIn(text: string): unknown {
  const candidates = [text.trim(), /^data: ?(.*)$/m.exec(text)?.[1] ?? ""];
  return candidates.map((each) => listOf(parsed(each))[0]).find(isObject);
}

function isCode(value: unknown): value is string | number {
  return typeof value === "number" || (isText(value) && value !== "error");
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && value >= 400 && value < 600;
}
