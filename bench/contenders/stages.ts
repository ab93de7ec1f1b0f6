import { bufferParse, decode, filterEmpty, splitLines, splitSSE } from "../sluice.ts";
import { bodyOf, type Contender, drain } from "./contender.ts";

export const contender: Contender = {
  name: "stages",
  title: "sluice: four streams, one per stage",
  package: "sluice",
  framings: ["sse", "lines"],
  async read(response, framing, use) {
    const text = bodyOf(response).pipeThrough(decode());
    const values =
      framing === "sse"
        ? text.pipeThrough(splitSSE()).pipeThrough(filterEmpty()).pipeThrough(bufferParse())
        : text.pipeThrough(splitLines()).pipeThrough(filterEmpty()).pipeThrough(bufferParse());
    await drain(values, use);
  },
};
