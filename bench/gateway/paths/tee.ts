import { type EventSourceMessage, EventSourceParserStream } from "eventsource-parser/stream";
import { drain } from "../../contenders/contender.ts";
import type { ChatChunk } from "../../workloads/chat.ts";
import type { Path } from "./path.ts";

export const path: Path = {
  title: "the usual way to read along: tee, then the usual chain",
  gives: "same",
  pass(upstream, note) {
    const [body, copy] = upstream.body?.tee() ?? [];
    const json = new TransformStream<EventSourceMessage, ChatChunk>({
      transform({ data }, controller) {
        if (data !== "[DONE]") controller.enqueue(JSON.parse(data));
      },
    });
    let text = "";
    let usage: unknown;
    if (copy) {
      const chunks = copy
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
        .pipeThrough(json);
      void drain(chunks, (chunk) => {
        text += chunk.choices[0]?.delta.content ?? "";
        usage = chunk.usage ?? usage;
      }).then(() => note({ text, usage }));
    }

    return new Response(body ?? null, upstream);
  },
};
