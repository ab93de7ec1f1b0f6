import { Stream } from "together-ai/streaming";
import { bodyOf, type Contender } from "./contender.ts";

export const contender: Contender = {
  name: "together-ai",
  title: "together-ai Stream",
  package: "together-ai",
  framings: ["sse", "lines"],
  unable: { anthropic: "ignores every event that has a name", responses: "ignores every event that has a name" },
  async read(response, framing, use) {
    const abort = new AbortController();
    const values =
      framing === "sse"
        ? Stream.fromSSEResponse<unknown>(response, abort)
        : Stream.fromReadableStream<unknown>(bodyOf(response), abort);
    for await (const value of values) use(value);
  },
};
