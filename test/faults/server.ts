import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A body as the server sends it. */
export interface Plan {
  status: number;
  contentType: string;
  chunks: readonly Uint8Array[];
  /** The body's end, a reset of the socket, or nothing more. */
  ending: "end" | "reset" | "hang";
}

/** A real HTTP server on loopback that answers every request to `/<number>/…` as planned, and knows which were left. */
export class FaultServer {
  readonly #plans: Plan[] = [];
  readonly #left: Set<number> = new Set();
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    const id = Number(/^\/(\d+)/.exec(request.url ?? "")?.[1]);
    const plan = this.#plans[id];
    if (plan === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.on("close", () => {
      if (!response.writableEnded) this.#left.add(id);
    });
    send(response, plan).catch(() => response.destroy());
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  /** The URL that answers so. */
  plan(plan: Plan): { url: string; wasLeft: () => boolean } {
    const id = this.#plans.push(plan) - 1;
    const { port } = this.#server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/${id}`, wasLeft: () => this.#left.has(id) };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function send(response: ServerResponse, { status, contentType, chunks, ending }: Plan): Promise<void> {
  response.writeHead(status, { "content-type": contentType });
  response.flushHeaders();
  response.socket?.setNoDelay(true);
  for (const [index, chunk] of chunks.entries()) {
    if (!response.write(chunk)) await new Promise<void>((resolve) => response.once("drain", resolve));
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (ending === "end") response.end();
  if (ending === "reset") {
    await new Promise((resolve) => setTimeout(resolve, 5)); // what came before is to arrive
    response.socket?.resetAndDestroy();
  }
}
