import { type Served, startServer } from "../../../support/http.ts";

/** A provider that answers with whatever it is told, at once. */
export interface Provider extends Served {
  text: string;
}

/** How long the pieces are in which it comes, in characters. */
const PIECE_LENGTH = 1000;

export async function startProvider(): Promise<Provider> {
  const server = await startServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let at = 0; at < provider.text.length; at += PIECE_LENGTH) {
      const choices = [{ index: 0, delta: { content: provider.text.slice(at, at + PIECE_LENGTH) } }];
      response.write(`data: ${JSON.stringify({ choices })}\n\n`);
    }
    response.end("data: [DONE]\n\n");
  });
  const provider = { ...server, text: "" };
  return provider;
}
