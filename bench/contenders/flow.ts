import { bufferParse, decode, filterEmpty, flow, splitLines, splitSSE } from "../sluice.ts";
import type { Contender } from "./contender.ts";

export const contender: Contender = {
  name: "flow",
  title: "sluice: flow of the four stages",
  package: "sluice",
  framings: ["sse", "lines"],
  async read(response, framing, use) {
    const values =
      framing === "sse"
        ? flow(response, decode(), splitSSE(), filterEmpty(), bufferParse())
        : flow(response, decode(), splitLines(), filterEmpty(), bufferParse());
    for await (const value of values) use(value);
  },
};
