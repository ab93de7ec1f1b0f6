/** The inside of `gateway`: a Worker that sends an upstream's answer on by one path. A GET is the empty request. */
import { response } from "../source.ts";
import { workloads } from "../workloads/index.ts";
import type { Path } from "./paths/path.ts";

export type GatewayQuestion =
  | { readonly ask: "pass"; readonly workload: string; readonly count: number; readonly isSlow: boolean }
  /** What the path learnt of the last answer. */
  | { readonly ask: "learnt" };

export function worker({ pass }: Path): { fetch(request: Request): Promise<Response> } {
  const prepared = new Map<string, Uint8Array<ArrayBuffer>[]>();
  let learnt: unknown = null;

  return {
    async fetch(request) {
      if (request.method === "GET") return new Response("");
      const question: GatewayQuestion = await request.json();
      if (question.ask === "learnt") return Response.json(learnt);

      const { workload: name, count, isSlow } = question;
      const key = `${name} ${count}`;
      const chunks = prepared.get(key) ?? workloads.find((each) => each.name === name)?.chunks(count);
      if (!chunks) return new Response(`there is no workload "${name}"`, { status: 404 });
      prepared.set(key, chunks);

      const upstream = response(chunks, "text/event-stream");
      return pass(isSlow ? slowed(upstream) : upstream, (message) => {
        learnt = message;
      });
    },
  };
}

/** The same body, each chunk of which takes a turn of the event loop: it is never there when it is asked for. */
function slowed(upstream: Response): Response {
  const reader = upstream.body?.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );

  return new Response(body, upstream);
}
