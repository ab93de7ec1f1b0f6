import { Stream } from "openai/streaming";
import { bodyOf, type Contender } from "./contender.ts";

export const contender: Contender = {
  name: "openai",
  title: "openai Stream",
  package: "openai",
  framings: ["sse", "lines"],
  async read(response, framing, use) {
    const abort = new AbortController();
    const values =
      framing === "sse"
        ? Stream.fromSSEResponse<unknown>(response, abort)
        : Stream.fromReadableStream<unknown>(bodyOf(response), abort);
    for await (const value of values) use(value);
  },
};
