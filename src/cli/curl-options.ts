import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { publicMessage, publicURL } from "../cassette/secrets.js";
import { EXIT, Refusal } from "./exit.js";

/** What the user says of a request, in curl's words. */
export interface CurlOptions {
  request?: string;
  header?: readonly string[];
  data?: readonly string[];
}

/** A request as `fetch` takes it. */
export interface Asked {
  url: string;
  init: { method: string; headers: Headers; body?: string };
}

/**
 * The request that curl would make. No message says more of a header than its name, nor of a URL what may be a secret.
 *
 * @throws Refusal when it is none that can be made
 */
export async function requestOf(url: string, { request, header = [], data }: CurlOptions): Promise<Asked> {
  const headers = new Headers({ accept: "*/*", "accept-encoding": "identity" }); // compressed chunks have other borders
  for (const line of (await Promise.all(header.map(linesOf))).flat()) setHeader(headers, line);
  const body = data && (await Promise.all(data.map(contentOf))).join("&");
  if (body !== undefined && !headers.has("content-type")) {
    headers.set("content-type", isJSON(body) ? "application/json" : "application/x-www-form-urlencoded");
  }
  const method = request?.toUpperCase() ?? (body === undefined ? "GET" : "POST");
  return checked({ url, init: { method, headers, ...(body === undefined ? {} : { body }) } });
}

/** Before anything is asked: what `fetch` would refuse is no fault of the network. */
function checked(asked: Asked): Asked {
  const { url, init } = asked;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw misuse(`${publicURL(url)} is no URL of http: begin it with http:// or https://`);
  }
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") {
    throw misuse(`${publicURL(url)} holds a user or password: send them as -H "authorization: Basic …"`);
  }
  try {
    new Request(url, init);
  } catch (cause) {
    throw misuse(`no such request can be made: ${publicMessage(cause)}`);
  }
  return asked;
}

/** The headers of one `-H`: itself, or of `@file` each line. So no key need stand in the history of a shell. */
async function linesOf(header: string): Promise<string[]> {
  if (!header.startsWith("@")) return [header];
  return (await fileText(header.slice(1), "-H")).split(/\r?\n/).filter((line) => line.trim() !== "");
}

function setHeader(headers: Headers, line: string): void {
  const colon = line.indexOf(":");
  if (colon < 1) throw misuse('-H takes "name: value", or @file with such lines');
  const name = line.slice(0, colon).trim();
  const value = line.slice(colon + 1).trim();
  if (!isHeader(name, "")) throw misuse("-H has a name with characters that no header's name has");
  if (!isHeader(name, value)) throw misuse(`-H has a value of ${name} with characters that no header has`);
  headers.set(name, value);
}

/** What Headers throws would say more than is to be printed. */
function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}

/** The content of one `-d`: itself, of `@file` the file's, of `@-` what standard input gives. */
async function contentOf(data: string): Promise<string> {
  if (!data.startsWith("@")) return data;
  return data === "@-" ? text(process.stdin) : fileText(data.slice(1), "-d");
}

async function fileText(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new Refusal(`${option} @${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function misuse(message: string): Refusal {
  return new Refusal(message, { exit: EXIT.usage });
}
