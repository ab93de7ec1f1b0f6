import { bufferParse, decode, filterEmpty, fuse, splitLines, splitSSE } from "../sluice.ts";
import { bodyOf, type Contender, drain } from "./contender.ts";

export const contender: Contender = {
  name: "fuse",
  title: "sluice: the four fused into one stream",
  package: "sluice",
  framings: ["sse", "lines"],
  async read(response, framing, use) {
    const stage =
      framing === "sse"
        ? fuse(decode(), splitSSE(), filterEmpty(), bufferParse())
        : fuse(decode(), splitLines(), filterEmpty(), bufferParse());
    await drain(bodyOf(response).pipeThrough(stage), use);
  },
};
