import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { FAULTS_HEADER, type Fault, isFault } from "../faults.ts";
import { answerFor } from "./answers.ts";
import { completion, frames, MODEL } from "./frames.ts";
import { plan, type Step } from "./plan.ts";
import { readPrompt } from "./prompt.ts";

export interface UpstreamOptions {
  /** Tokens per second; 0 sends as fast as the reader reads. */
  pace?: number;
  /** How long a stall lasts, in milliseconds. */
  stall?: number;
  /** Decides where "cut-anywhere" cuts; without one every answer is cut elsewhere. */
  seed?: number;
}

/** One streamed answer, for the terminal and for tests. */
export interface Sent {
  faults: readonly Fault[];
  /** Whether it goes on, has been played to its end, or the client left before that. */
  state: "sending" | "stalling" | "finished" | "left";
  bytes: number;
}

export interface Upstream {
  /** Where completions are asked for. */
  url: string;
  sent: readonly Sent[];
  close: () => Promise<void>;
}

const MAX_REQUEST_BYTES = 1024 * 1024;

/**
 * Starts the embedded upstream: a real HTTP server on a free port of the loopback interface that speaks OpenAI's chat
 * completions, answers without a model, and misbehaves when the header `x-demo-faults` asks for it.
 */
export async function startUpstream({ pace = 45, stall = 600_000, seed }: UpstreamOptions = {}): Promise<Upstream> {
  const sent: Sent[] = [];
  let answers = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://upstream").pathname;
    if (path === "/v1/models" && request.method === "GET") {
      return sendJSON(
        response,
        200,
        JSON.stringify({ object: "list", data: [{ id: MODEL, object: "model", owned_by: "sluice" }] }),
      );
    }
    if (path !== "/v1/chat/completions") return sendError(response, 404, `There is no ${path} here`);
    if (request.method !== "POST") return sendError(response, 405, "Use POST");

    const body = await readBody(request);
    if (body === undefined) return sendError(response, 413, "The request is too large");
    const prompt = readPrompt(parse(body));
    if ("problem" in prompt) return sendError(response, 400, prompt.problem);

    const answer = answerFor(prompt.question, prompt.said);
    const about = {
      id: `chatcmpl-demo-${++answers}`,
      created: Math.floor(Date.now() / 1000),
      promptTokens: prompt.tokens,
      includeUsage: prompt.includeUsage,
    };
    if (!prompt.stream) return sendJSON(response, 200, completion(answer, about));

    const faults = faultsOf(request);
    const record: Sent = { faults, state: "sending", bytes: 0 };
    sent.push(record);
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    await play(plan(frames(answer, about), faults, seed ?? Math.floor(Math.random() * 2 ** 32)), response, record, {
      pace,
      stall,
    });
  }

  const server = createServer((request, response) => {
    // Only a connection that broke gets here: there is nobody left to tell.
    handle(request, response).catch(() => response.destroy());
  });
  server.on("connection", (socket) => socket.setNoDelay(true));
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    sent,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/**
 * Milliseconds between the pieces of a token, without which what lies on the way to the page would join them again, as the Worker
 * does with what is less than 4 ms apart; at most a quarter of the time that the token has.
 */
const APART = 10;
/** A token in more pieces, such as single bytes, would take too long: the rest of it is sent at once. */
const MAX_APART = 8;

async function play(
  steps: Iterable<Step>,
  response: ServerResponse,
  record: Sent,
  { pace, stall }: { pace: number; stall: number },
): Promise<void> {
  const client = new AbortController();
  response.once("close", () => client.abort());
  const { signal } = client;
  let due = performance.now();
  let pieces = 0; // since the last token
  try {
    for (const step of steps) {
      if (step.kind === "chunk") {
        const apart = pace > 0 && pieces > 0 && pieces < MAX_APART ? Math.min(APART, 250 / pace) : 0;
        if (apart >= 1) await setTimeout(apart, undefined, { signal });
        await write(response, step.bytes, signal);
        record.bytes += step.bytes.length;
        pieces++;
      } else if (step.kind === "beat") {
        pieces = 0;
        if (pace === 0) continue;
        due += beatLength(pace);
        const rest = due - performance.now();
        if (rest >= 1) await setTimeout(rest, undefined, { signal }); // timers know no less than a millisecond
      } else if (step.kind === "stall") {
        record.state = "stalling";
        await setTimeout(stall, undefined, { signal });
        record.state = "sending";
        due = performance.now();
      } else {
        response.destroy();
      }
    }
    if (!response.destroyed) response.end();
    record.state = "finished";
  } catch (error) {
    record.state = "left";
    if (!signal.aborted) throw error;
  }
}

/** Milliseconds to the next token: models are not metronomes. */
function beatLength(pace: number): number {
  return (1000 / pace) * (0.4 + 1.2 * Math.random());
}

/** Writes a chunk and waits until it is on its way, so that the next one is not sent together with it. */
async function write(response: ServerResponse, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => response.write(bytes, (error) => (error ? reject(error) : resolve())));
  await setImmediate(undefined, { signal });
}

function faultsOf(request: IncomingMessage): Fault[] {
  const header = request.headers[FAULTS_HEADER];
  return String(header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(isFault);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!(part instanceof Buffer)) continue;
    length += part.length;
    if (length > MAX_REQUEST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendJSON(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

function sendError(response: ServerResponse, status: number, message: string): void {
  sendJSON(response, status, JSON.stringify({ error: { message, type: "invalid_request_error", code: null } }));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("The upstream has no port");
  return address.port;
}
