import { events } from "fetch-event-stream";
import type { Contender } from "./contender.ts";

export const contender: Contender = {
  name: "fetch-event-stream",
  title: "fetch-event-stream events + JSON.parse",
  package: "fetch-event-stream",
  framings: ["sse"],
  async read(response, _framing, use) {
    for await (const { data } of events(response)) {
      if (data && data !== "[DONE]") use(JSON.parse(data));
    }
  },
};
