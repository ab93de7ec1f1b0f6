import { newAnswer, type Turn } from "./turn.ts";

/** The conversation lives as long as the tab: it survives a reload, and is nobody else's. */
const KEY = "sluice-chat/1";

export function loadTurns(): Turn[] {
  try {
    const turns: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(turns) ? turns.filter(isTurn) : [];
  } catch {
    return []; // storage is forbidden, or holds what another version wrote
  }
}

/** Keeps the turns; when there is no room for all, the newest. */
export function saveTurns(turns: readonly Turn[]): void {
  for (let first = 0; first <= turns.length; first++) {
    try {
      if (first === turns.length) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, JSON.stringify(turns.slice(first)));
      return;
    } catch {
      // Too much: without the oldest, then.
    }
  }
}

function isTurn(value: unknown): value is Turn {
  const { question, answer } = recordOf(value);
  const { text, reasoning, calls, counts } = recordOf(answer);
  const like = newAnswer();
  return (
    typeof question === "string" &&
    typeof text === typeof like.text &&
    typeof reasoning === typeof like.reasoning &&
    Array.isArray(calls) &&
    typeof counts === "object"
  );
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
