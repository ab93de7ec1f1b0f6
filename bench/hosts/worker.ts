import type { Contender } from "../contenders/contender.ts";
import { type Question, Seat } from "../seat.ts";

/** The inside of the workerd host: one contender in a Worker that answers over HTTP. A request without a question is the empty one. */
export function worker(contender: Contender): { fetch(request: Request): Promise<Response> } {
  const seat = new Seat(contender);

  return {
    async fetch(request) {
      if (request.method === "GET") return Response.json({});
      const question: Question = await request.json();

      return Response.json(await seat.answer(question));
    },
  };
}
