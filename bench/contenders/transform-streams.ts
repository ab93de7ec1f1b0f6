import { bodyOf, type Contender, drain } from "./contender.ts";

/** What one finds in every codebase that reads NDJSON: a chain with a line splitter of a dozen lines. */
export const contender: Contender = {
  name: "transform-streams",
  title: "TextDecoderStream + line splitter + JSON stage, by hand",
  framings: ["lines"],
  async read(response, _framing, use) {
    let rest = "";
    const lines = new TransformStream<string, string>({
      transform(text, controller) {
        const parts = (rest + text).split("\n");
        rest = parts.pop() ?? "";
        for (const line of parts) if (line !== "") controller.enqueue(line);
      },
      flush(controller) {
        if (rest !== "") controller.enqueue(rest);
      },
    });
    const json = new TransformStream<string, unknown>({
      transform(line, controller) {
        controller.enqueue(JSON.parse(line));
      },
    });
    await drain(bodyOf(response).pipeThrough(new TextDecoderStream()).pipeThrough(lines).pipeThrough(json), use);
  },
};
