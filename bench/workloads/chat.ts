import { seeded } from "./random.ts";
import { identifier, tokens } from "./tokens.ts";

export interface ChatChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  system_fingerprint: string;
  choices: {
    index: number;
    delta: { role?: "assistant"; content?: string };
    logprobs: null;
    finish_reason: "stop" | null;
  }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
  obfuscation: string;
}

/** One long answer of chat completions: a role, `count - 3` deltas, a finish, the usage. An event is about 300 bytes. */
export function chatChunks(count: number, language: "english" | "multilingual" = "english"): ChatChunk[] {
  const random = seeded(300);
  const token = tokens(language, 301);
  const head = {
    id: `chatcmpl-${identifier(random, 29)}`,
    object: "chat.completion.chunk" as const,
    created: 1763670000,
    model: "gpt-5.1-2025-11-13",
    system_fingerprint: `fp_${identifier(random, 10)}`,
  };
  const chunk = (delta: ChatChunk["choices"][number]["delta"], finish: "stop" | null = null): ChatChunk => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
    obfuscation: identifier(random, 4 + Math.floor(random() * 12)),
  });

  const chunks = [chunk({ role: "assistant", content: "" })];
  while (chunks.length < count - 2) chunks.push(chunk({ content: token() }));
  chunks.push(chunk({}, "stop"));
  chunks.push({
    ...chunk({}),
    choices: [],
    usage: { prompt_tokens: 20, completion_tokens: count, total_tokens: count + 20 },
  });

  return chunks;
}

export function chatText({ choices }: ChatChunk): string {
  return choices[0]?.delta.content ?? "";
}
