import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { groupOf } from "./group.ts";

/** In milliseconds. */
const PATIENCE = 60_000;

interface Reply {
  id?: number;
  result?: unknown;
  error?: unknown;
}

/** Commands to a browser over a WebSocket. Chromium's DevTools protocol and WebDriver BiDi write them in the same way. */
export class Remote {
  readonly #socket: WebSocket;
  readonly #waiting: Map<number, (reply: Reply) => void> = new Map();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const reply: Reply = JSON.parse(String(data));
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
    socket.addEventListener("close", () => {
      for (const tell of this.#waiting.values()) tell({ error: "The browser has gone" });
    });
  }

  static async connect(url: string): Promise<Remote> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`Nothing answers at ${url}`)));
    });
    return new Remote(socket);
  }

  /** The promise rejects when the browser says that it cannot, goes, or says nothing for a minute. */
  async send<T>(method: string, params: object = {}): Promise<T> {
    const id = ++this.#lastId;
    const reply = await new Promise<Reply>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE, { error: "The browser says nothing" });
      this.#waiting.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ id, method, params }));
      else this.#waiting.get(id)?.({ error: "The browser has gone" });
    });
    this.#waiting.delete(id);
    if (reply.error !== undefined) throw new Error(`${method}: ${JSON.stringify(reply)}`);
    return reply.result as T;
  }
}

export interface Browser {
  /** Where it listens for commands, as it says itself. */
  address: URL;
  /** Ends it, and takes away its profile. */
  end: () => void;
}

/** Starts a browser with a profile of its own. @param args what it is started with, for that profile's directory */
export async function startBrowser(path: string, args: (profile: string) => readonly string[]): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "sluice-browser-"));
  const env = { ...process.env, TMPDIR: profile }; // what it leaves elsewhere would stay
  const browser = spawn(path, args(profile), { stdio: ["ignore", "ignore", "pipe"], detached: true, env });
  const removeProfile = (): void => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  const end = groupOf(browser, removeProfile);
  const timer = setTimeout(end, PATIENCE);
  for await (const line of createInterface(browser.stderr)) {
    const [address] = /ws:\/\/\S+/.exec(line) ?? [];
    if (address === undefined) continue;
    clearTimeout(timer);
    browser.stderr.resume(); // nobody reads on
    return { address: new URL(address), end };
  }
  clearTimeout(timer);
  end();
  throw new Error(`${path} does not listen`);
}
