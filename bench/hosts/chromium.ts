import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Question } from "../seat.ts";
import { bundle } from "./bundle.ts";
import type { Host } from "./host.ts";

/** With these two a page is isolated, and its clock is exact to 5 instead of 100 µs. */
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/**
 * The system's Chromium, a browser for each contender.
 *
 * @returns undefined when it is not here
 */
export function chromiumHost(): Host | undefined {
  const command = ["chromium", "chromium-browser", "google-chrome"].find(
    (name) => spawnSync(name, ["--version"]).status === 0,
  );
  if (command === undefined) return undefined;
  const version = /\d[\d.]*/.exec(spawnSync(command, ["--version"], { encoding: "utf8" }).stdout)?.[0] ?? "";
  const seats = new Set<() => Promise<void>>();

  return {
    title: `Chromium ${version}`,
    note: "Chromium: wall time, as pages have no other clock",

    async open(contender) {
      const script = await bundle(
        `import { contender } from "./contenders/${contender}.ts";
        import { page } from "./hosts/page.ts";
        page(contender);`,
        ["browser"],
      );
      const desk = new Desk(script);
      const url = await desk.open();
      const browser = launch(command, url);
      desk.serves(browser.process);
      const close = async () => {
        seats.delete(close);
        await browser.close();
        desk.close();
      };
      seats.add(close);

      return { ask: desk.ask, close };
    },

    async close() {
      await Promise.all([...seats].map((close) => close()));
    },
  };
}

/** Serves a page and its questions: the page fetches one, works, posts the answer. */
class Desk {
  readonly #server: Server;
  #waiting: ServerResponse | undefined;
  #question: Question | undefined;
  #answered: (answer: Answer) => void = () => undefined;

  constructor(script: string) {
    this.#server = createServer((request, response) => {
      for (const [name, value] of Object.entries(ISOLATED)) response.setHeader(name, value);
      if (request.url === "/")
        response.setHeader("content-type", "text/html").end('<script type="module" src="/script.js"></script>');
      else if (request.url === "/script.js") response.setHeader("content-type", "text/javascript").end(script);
      else if (request.url === "/question") this.#give(response);
      else if (request.url === "/answer") void this.#take(request, response);
      else response.writeHead(404).end();
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo; // it listens on a port

    return `http://127.0.0.1:${port}/`;
  }

  /** A browser that ends answers nothing more: what waits for it is told so. */
  serves(browser: ChildProcess): void {
    browser.once("exit", () => this.#answered({ error: "its browser ended before it answered" }));
  }

  readonly ask = (question: Question): Promise<Answer> => {
    this.#question = question;
    if (this.#waiting) this.#give(this.#waiting);

    return new Promise((resolve) => {
      this.#answered = resolve;
    });
  };

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #give(response: ServerResponse): void {
    if (this.#question === undefined) {
      this.#waiting = response;
      return;
    }
    response.end(JSON.stringify(this.#question));
    this.#question = undefined;
    this.#waiting = undefined;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const answer: Answer = JSON.parse(text);
    response.end();
    this.#answered(answer);
  }
}

function launch(command: string, url: string): { process: ChildProcess; close: () => Promise<void> } {
  const profile = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const flags = ["--headless", "--no-sandbox", "--no-first-run", "--disable-extensions", `--user-data-dir=${profile}`];
  // In a group of its own: a browser is many processes, and all of them have to go.
  const browser = spawn(command, [...flags, url], { detached: true, stdio: "ignore" });

  return {
    process: browser,
    async close() {
      if (browser.pid !== undefined && browser.exitCode === null && browser.signalCode === null) {
        const exited = once(browser, "exit");
        process.kill(-browser.pid, "SIGKILL");
        await exited;
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
