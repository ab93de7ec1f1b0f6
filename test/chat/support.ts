import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bufferParse, decode, filterEmpty, flow, splitSSE } from "sluice";
import { buildPage } from "../../edge-examples/chat/build.ts";
import type { Fault } from "../../edge-examples/chat/faults.ts";
import type { Delta, Note } from "../../edge-examples/chat/notes.ts";
import { type Served, serve } from "../../edge-examples/chat/serve.ts";
import type { Env } from "../../edge-examples/chat/worker/env.ts";

/** The Worker with a page of its own, built into a directory that goes away with it. */
export async function startChat(bindings: Omit<Env, "ASSETS">): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-chat-"));
  await buildPage(directory);
  const served = await serve({ port: 0, bindings, directory });
  return {
    url: served.url,
    async close() {
      await served.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A server that answers as `listener` does, on a free port. */
export async function startServer(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface Asked {
  faults?: readonly Fault[];
  wire?: boolean;
  signal?: AbortSignal;
}

export function post(url: string, question: string, { signal, ...more }: Asked = {}): Promise<Response> {
  return fetch(`${url}/api/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: question }], ...more }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** All that the Worker tells the page about one answer. */
export function notesOf(response: Response): Promise<Note[]> {
  return collect(flow(response, decode(), splitSSE(), filterEmpty(), bufferParse<Note>()));
}

export function textOf(notes: readonly Note[]): string {
  return notes.map((note) => (note.type === "text" ? note.text : "")).join("");
}

/** The verdict, which must be the only one and the last. */
export function endOf(notes: readonly Note[]): Extract<Delta, { type: "end" }> {
  const [end, ...others] = notes.filter((note) => note.type === "end");
  if (end === undefined || others.length > 0 || notes.at(-1) !== end)
    throw new Error("There must be one end, and last");
  return end;
}

export function errorsOf(notes: readonly Note[]): Extract<Delta, { type: "error" }>[] {
  return notes.filter((note) => note.type === "error");
}

export async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Waits for something that another process brings about. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Still not so after ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
