import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";
import { type Path, rename } from "./path.ts";

export const path: Path = {
  title: "the usual chain: TextDecoderStream, EventSourceParserStream, rewriting, TextEncoderStream",
  gives: "renamed",
  pass(upstream) {
    const rewrite = new TransformStream<EventSourceMessage, string>({
      transform({ data }, controller) {
        controller.enqueue(`data: ${data === "[DONE]" ? data : JSON.stringify(rename(JSON.parse(data)))}\n\n`);
      },
    });
    const body = upstream.body
      ?.pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .pipeThrough(rewrite)
      .pipeThrough(new TextEncoderStream());

    return new Response(body ?? null, upstream);
  },
};
