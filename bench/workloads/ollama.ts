import { tokens } from "./tokens.ts";

export interface OllamaLine {
  model: string;
  created_at: string;
  message: { role: "assistant"; content: string };
  done: boolean;
  done_reason?: "stop";
}

/** One long answer as lines of JSON, as Ollama's chat API streams it. */
export function ollamaLines(count: number): OllamaLine[] {
  const token = tokens("english", 130);
  const lines: OllamaLine[] = [];

  while (lines.length < count) {
    const created_at = new Date(1763670000000 + lines.length * 20).toISOString();
    const last = lines.length === count - 1;
    lines.push({
      model: "llama3.3:70b",
      created_at,
      message: { role: "assistant", content: last ? "" : token() },
      done: last,
      ...(last && { done_reason: "stop" as const }),
    });
  }

  return lines;
}
