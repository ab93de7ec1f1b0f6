import { seeded } from "./random.ts";
import { identifier, tokens } from "./tokens.ts";

export type AnthropicEvent =
  | {
      type: "message_start";
      message: {
        id: string;
        type: "message";
        role: "assistant";
        model: string;
        content: never[];
        stop_reason: null;
        usage: { input_tokens: number; output_tokens: number };
      };
    }
  | { type: "content_block_start"; index: number; content_block: { type: "text"; text: string } }
  | { type: "content_block_delta"; index: number; delta: { type: "text_delta"; text: string } }
  | { type: "content_block_stop"; index: number }
  | { type: "ping" }
  | { type: "message_delta"; delta: { stop_reason: "end_turn"; stop_sequence: null }; usage: { output_tokens: number } }
  | { type: "message_stop" };

/** One long answer of the Messages API: every event has a name, which is also its `type`; there is no `[DONE]`. */
export function anthropicEvents(count: number): AnthropicEvent[] {
  const token = tokens("english", 150);
  const id = `msg_${identifier(seeded(151), 24)}`;
  const events: AnthropicEvent[] = [
    {
      type: "message_start",
      message: {
        id,
        type: "message",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [],
        stop_reason: null,
        usage: { input_tokens: 20, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "ping" },
  ];

  while (events.length < count - 3) {
    // A delta of this API carries a few tokens.
    events.push({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text: token() + token() + token() },
    });
  }
  events.push(
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: count } },
    { type: "message_stop" },
  );

  return events;
}

export function anthropicText(event: AnthropicEvent): string {
  return event.type === "content_block_delta" ? event.delta.text : "";
}
