import { CONTINUE } from "../continuing.ts";
import type { Turn } from "./turn.ts";

/** As the Worker takes it. */
export interface ChatMessage {
  role: "user" | "assistant";
  content: string;
}

/** In characters. The Worker limits what it reads, and providers what they take. */
const MAX_LENGTH = 60_000;
const MAX_MESSAGES = 200;

/** The conversation as messages, the newest question last; what would be too much is left out, the oldest first. */
export function messagesOf(turns: readonly Turn[]): ChatMessage[] {
  return recent(turns.flatMap(({ question, answer }) => [{ role: "user", content: question }, ...said(answer)]));
}

/** The same, asking for the rest of the last answer. */
export function messagesToContinue(turns: readonly Turn[]): ChatMessage[] {
  return recent([...messagesOf(turns), { role: "user", content: CONTINUE }]);
}

/** Providers refuse a message that says nothing. */
function said({ text }: Turn["answer"]): ChatMessage[] {
  return text === "" ? [] : [{ role: "assistant", content: text }];
}

function recent(messages: readonly ChatMessage[]): ChatMessage[] {
  const kept: ChatMessage[] = [];
  let left = MAX_LENGTH;
  for (const { role, content } of messages.slice(-MAX_MESSAGES).toReversed()) {
    if (left <= 0) break;
    kept.unshift({ role, content: content.slice(-left) }); // the end of a text is what an answer goes on from
    left -= content.length;
  }
  if (kept[0]?.role === "assistant") kept.shift(); // some providers want a question first
  return kept.length > 0 ? kept : messages.slice(-1);
}
