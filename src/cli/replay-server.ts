import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { type Cassette, type ReplayOptions, replay } from "../cassette/index.js";
import { publicMessage, publicURL } from "../cassette/secrets.js";
import { EXIT, Refusal } from "./exit.js";

/** What can be set of a replay, by these names: as options, in a request's query, and as its headers `sluice-…`. */
export const SETTINGS = {
  speed: "how much faster than recorded; max is at once",
  cuts: "recorded, random, adversarial, or so many bytes",
  seed: "which random cuts",
  "cut-at": "end the body after so many bytes as if it were whole",
  "error-at": "break the connection after so many bytes; end is behind the last",
  "stall-at": "send nothing more after so many bytes; end is behind the last",
} as const;

/** The name of a setting. */
export type Setting = keyof typeof SETTINGS;

/**
 * Reads settings, on top of others.
 * @throws Refusal when one of them is not what it should be
 */
export function settings(get: (name: Setting) => string | undefined, base: ReplayOptions = {}): ReplayOptions {
  const options = { ...base };
  const speed = get("speed");
  if (speed !== undefined)
    options.speed = speed === "max" ? Infinity : numberOf("speed", speed, "a number above 0, or max");
  if (options.speed === 0) throw misuse("speed", "a number above 0, or max", "0");
  const cuts = get("cuts");
  if (cuts !== undefined) options.cuts = isWord(cuts) ? cuts : wholeOf("cuts", cuts, 1, SETTINGS.cuts);
  const seed = get("seed");
  if (seed !== undefined) options.seed = wholeOf("seed", seed, 0, "a whole number");
  const faults = (["cut", "error", "stall"] as const).filter((kind) => get(`${kind}-at`) !== undefined);
  if (faults.length > 1) {
    throw new Refusal("of cut-at, error-at and stall-at, one at a time: a body ends once", { exit: EXIT.usage });
  }
  for (const kind of faults) {
    const at = get(`${kind}-at`) ?? "";
    options.fault = { kind, at: at === "end" ? Infinity : wholeOf(`${kind}-at`, at, 0, "a number of bytes, or end") };
  }
  return options;
}

type Word = "recorded" | "random" | "adversarial";
const isWord = (cuts: string): cuts is Word => ["recorded", "random", "adversarial"].includes(cuts);

function wholeOf(name: Setting, value: string, least: number, what: string): number {
  const number = numberOf(name, value, what);
  if (Number.isInteger(number) && number >= least) return number;
  throw misuse(name, what, value);
}

function numberOf(name: Setting, value: string, what: string): number {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw misuse(name, what, value);
}

function misuse(name: Setting, what: string, value: string): Refusal {
  return new Refusal(`${name} is ${what}; got ${JSON.stringify(value.slice(0, 40))}`, { exit: EXIT.usage });
}

/** What the server is to do, and whom to tell. */
export interface ReplayServer {
  cassette: Cassette;
  options: ReplayOptions;
  port: number;
  /** Gets a line for each request that is over. */
  log: (line: string) => void;
}

/**
 * Answers every request on loopback with the cassette's body, until `signal` aborts; then the port is free again.
 *
 * @returns the address, and what resolves when it has ended
 * @throws Refusal when the port cannot be had
 */
export async function listen(
  { cassette, options, port, log }: ReplayServer,
  signal: AbortSignal,
): Promise<{ url: string; ended: Promise<void> }> {
  const server = createServer(async (request, response) => {
    const start = performance.now();
    let what: string;
    try {
      what = await answer(request, response, cassette, options);
    } catch (error) {
      response.destroy();
      what = publicMessage(error);
    }
    const time = ((performance.now() - start) / 1000).toFixed(2);
    log(
      `${request.method} ${publicURL(request.url ?? "/", { query: Object.keys(SETTINGS) })} ${response.statusCode}: ${what}, ${time} s`,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const hint = cause.code === "EADDRINUSE" ? "it is taken: name another, or 0 for a free one" : cause.message;
      reject(new Refusal(`port ${port} cannot be had: ${hint}`, { cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const ended = new Promise<void>((resolve) => {
    server.once("close", resolve);
  });
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ended };
}

/** Answers one request. @returns what became of it, in words */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  cassette: Cassette,
  base: ReplayOptions,
): Promise<string> {
  request.resume(); // what it asks for makes no difference
  response.setHeader("access-control-allow-origin", "*"); // a page may ask, too
  if (request.method === "OPTIONS") {
    response.setHeader("access-control-allow-methods", "*");
    response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
    response.writeHead(204).end();
    return "a page asks whether it may ask";
  }
  const query = new URLSearchParams(request.url?.split("?")[1]);
  let options: ReplayOptions;
  try {
    const header = (name: string): string | undefined => request.headers[`sluice-${name}`]?.toString();
    options = settings((name) => query.get(name) ?? header(name), base);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end(`${error.message}\n`);
    return error.message;
  }
  const { status = 200, headers = {} } = cassette.header.response ?? {};
  response.writeHead(status, {
    "content-type": headers["content-type"] ?? "text/event-stream",
    "cache-control": "no-cache",
  });
  return send(response, replay(cassette, options));
}

/** Sends a body, each chunk by itself. @returns what became of it, in words */
async function send(response: ServerResponse, body: ReadableStream<Uint8Array>): Promise<string> {
  response.flushHeaders();
  const reader = body.getReader();
  let isLeft = false;
  let wake: (() => void) | undefined;
  response.on("close", () => {
    isLeft = !response.writableFinished;
    if (isLeft) reader.cancel().catch(() => undefined); // it may be over itself
    wake?.();
  });
  response.on("drain", () => wake?.());
  let bytes = 0;
  try {
    for (let result = await reader.read(); !result.done; result = await reader.read()) {
      const { value } = result;
      if (value.length === 0) continue; // in HTTP that would be the end
      bytes += value.length;
      const hasRoom = response.write(value);
      await turn(); // so that it leaves by itself
      if (!hasRoom && response.writableNeedDrain && !isLeft) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } catch (error) {
    response.socket?.destroySoon(); // behind all that was sent, which a reset would overtake
    return `broken off after ${bytes} bytes (${publicMessage(error)})`;
  }
  if (isLeft) return `its client left after ${bytes} bytes`;
  response.end();
  return `${bytes} bytes`;
}
