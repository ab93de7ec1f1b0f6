import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";
import { bodyOf, type Contender, drain } from "./contender.ts";

/** The usual chain of transform streams, one per concern. */
export const contender: Contender = {
  name: "eventsource-parser",
  title: "TextDecoderStream + EventSourceParserStream + JSON stage",
  package: "eventsource-parser",
  framings: ["sse"],
  async read(response, _framing, use) {
    const json = new TransformStream<EventSourceMessage, unknown>({
      transform({ data }, controller) {
        if (data !== "[DONE]") controller.enqueue(JSON.parse(data));
      },
    });
    await drain(
      bodyOf(response)
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
        .pipeThrough(json),
      use,
    );
  },
};
