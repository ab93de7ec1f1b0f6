import { createServer, request as httpRequest, type RequestListener } from "node:http";

export interface Served {
  url: string;
  close: () => Promise<void>;
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

/**
 * A request on a connection of its own. workerd closes the connection of a request that it answers without reading all of it;
 * `fetch` would send the next one on the same, and sometimes lose.
 */
export function fetchAlone(url: string, { method, headers, body, isEndless }: RequestToSend): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent: false, method, headers }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const pairs = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve(new Response(Buffer.concat(parts), { status: incoming.statusCode ?? 0, headers: pairs }));
        request.destroy();
      });
    });
    request.on("error", reject);
    if (isEndless) request.write(body ?? "");
    else request.end(body);
  });
}

export interface RequestToSend {
  method: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Whether it never says that this was all. No more is sent: a write into a connection that is closed already would cost the answer. */
  isEndless?: boolean;
}

/** Waits for something that another process brings about. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Still not so after ${milliseconds} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
