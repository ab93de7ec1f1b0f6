import { seeded } from "./random.ts";
import { identifier, tokens } from "./tokens.ts";

export interface ResponsesEvent {
  type: string;
  sequence_number: number;
  item_id?: string;
  output_index?: number;
  content_index?: number;
  delta?: string;
  logprobs?: never[];
  obfuscation?: string;
  response?: {
    id: string;
    object: "response";
    status: "in_progress" | "completed";
    model: string;
    output: { type: "message"; text: string }[];
  };
}

const EVENTS_PER_ANSWER = 500;
const WHOLE_ANSWER_LENGTH = 100_000;

/**
 * Answers of the Responses API, one after the other: small named deltas, and at the end of each answer the
 * whole of it once more, in one line of 100 KB that no single chunk can hold.
 */
export function responsesEvents(count: number): ResponsesEvent[] {
  const random = seeded(100);
  const token = tokens("english", 101);
  const item = `msg_${identifier(random, 48)}`;
  const response = { id: `resp_${identifier(random, 48)}`, object: "response" as const, model: "gpt-5.1-2025-11-13" };
  const events: ResponsesEvent[] = [];

  while (events.length < count) {
    const sequence = events.length % EVENTS_PER_ANSWER;
    if (sequence === 0) {
      events.push({
        type: "response.created",
        sequence_number: sequence,
        response: { ...response, status: "in_progress", output: [] },
      });
    } else if (sequence === EVENTS_PER_ANSWER - 1 || events.length === count - 1) {
      let text = "";
      while (text.length < WHOLE_ANSWER_LENGTH) text += token();
      events.push({
        type: "response.completed",
        sequence_number: sequence,
        response: { ...response, status: "completed", output: [{ type: "message", text }] },
      });
    } else {
      const obfuscation = identifier(random, 4 + Math.floor(random() * 12));
      events.push({
        type: "response.output_text.delta",
        sequence_number: sequence,
        item_id: item,
        output_index: 0,
        content_index: 0,
        delta: token(),
        logprobs: [],
        obfuscation,
      });
    }
  }

  return events;
}
