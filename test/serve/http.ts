import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** Writes a Response into Node's: what a user of node:http does. */
export async function send(response: Response, to: ServerResponse): Promise<void> {
  to.writeHead(response.status, Object.fromEntries(response.headers));
  to.flushHeaders();
  if (response.body === null) {
    to.end();
    return;
  }
  // When the client leaves, the pipeline fails and cancels the body.
  await pipeline(Readable.fromWeb(response.body as NodeReadableStream<Uint8Array>), to).catch(() => undefined);
}

export interface HttpServer extends AsyncDisposable {
  url: string;
}

/** A server on a free port that answers every request with what `answer` gives. */
export async function listen(answer: () => Response): Promise<HttpServer> {
  const server = createServer((_request, response) => void send(answer(), response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
