import { kindOf } from "../errors.js";

/** What stands where something was left out. */
const REMOVED = "REDACTED";

// Lists of what is kept, not of what is left out: what nobody thought of is left out.
const HEADERS: readonly string[] = [
  "accept",
  "accept-encoding",
  "age",
  "anthropic-beta",
  "anthropic-version",
  "cache-control",
  "cf-ray",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "openai-beta",
  "openai-processing-ms",
  "openai-version",
  "request-id",
  "retry-after",
  "server",
  "transfer-encoding",
  "user-agent",
  "vary",
  "via",
  "x-accel-buffering",
  "x-request-id",
];
const PARAMETERS: readonly string[] = ["alt", "api-version", "beta", "model", "stream", "version"];

/** Names of headers and of query parameters, besides those that are known to hold no secrets. */
export interface Keep {
  readonly headers?: readonly string[];
  readonly query?: readonly string[];
}

/** The headers whose values are known to be no secrets, in the order of their names. */
export function publicHeaders(headers: HeadersInit, { headers: more = [] }: Keep = {}): Record<string, string> {
  const kept = new Set([...HEADERS, ...more.map((name) => name.toLowerCase())]);
  return Object.fromEntries([...entriesOf(headers)].filter(([name]) => kept.has(name)));
}

function entriesOf(headers: HeadersInit): Map<string, string> {
  const entries = new Map<string, string>();
  new Headers(headers).forEach((value, name) => {
    entries.set(name, value);
  });
  return entries;
}

/**
 * A URL without user, password and fragment, and without the values of the query that are not known to be harmless, nor parts of
 * the path that look like keys. Of a URL that is not http(s), only the scheme.
 */
export function publicURL(text: string, { query = [] }: Keep = {}): string {
  let url: URL;
  try {
    url = new URL(text, "http://relative.invalid"); // in a page they may be relative
  } catch {
    return REMOVED;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return `${url.protocol}${REMOVED}`;
  const path = url.pathname.split("/").map((part) => (looksLikeKey(decoded(part)) ? REMOVED : part));
  const kept = new Set([...PARAMETERS, ...query]);
  const parameters = [...url.searchParams].map(([name, value]) => {
    const shown = value === "" || looksLikeKey(name) ? REMOVED : encodeURIComponent(name);
    return kept.has(name) ? `${encodeURIComponent(name)}=${encodeURIComponent(value)}` : `${shown}=${REMOVED}`;
  });
  const origin = url.hostname === "relative.invalid" ? "" : url.origin;
  return `${origin}${path.join("/")}${parameters.length === 0 ? "" : `?${parameters.join("&")}`}`;
}

/** What an error, or the reason of a cancel, says, and its cause: shortened, without URLs' secrets and what looks like a key. */
export function publicMessage(reason: unknown): string {
  if (!(reason instanceof Error)) return publicText(typeof reason === "string" ? reason : kindOf(reason));
  return publicText(reason.cause instanceof Error ? `${reason.message}: ${reason.cause.message}` : reason.message);
}

function publicText(text: string): string {
  return text
    .slice(0, LONGEST_MESSAGE)
    .replace(/\b(bearer|basic)\s+\S+/gi, `$1 ${REMOVED}`)
    .replace(/\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>]+/gi, (url) => publicURL(url))
    .replace(/[\w~+=-]{8,}/g, (word) => (looksLikeKey(word) ? REMOVED : word));
}

const LONGEST_MESSAGE = 1000; // characters: some errors hold a whole page

/** Letters and digits on end: many of them, or changing back and forth, or behind the prefix of a key. */
function looksLikeKey(text: string): boolean {
  if (/\b(sk|pk|rk)[-_]\w{4}/i.test(text)) return true;
  return (text.match(/[a-z\d]+/gi) ?? []).some((run) => {
    const changes = run.match(/[a-z](?=\d)|\d(?=[a-z])/gi)?.length ?? 0;
    return (run.length >= 16 && changes > 0) || (run.length >= 8 && changes >= 3);
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
