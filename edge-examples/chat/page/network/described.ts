import type { Delta } from "sluice/chat";

/** A delta in a line: its kind, what it says, and what else is worth knowing. */
export interface Described {
  kind: Delta["type"];
  what: string;
  detail?: string;
}

const MAX_LENGTH = 500;

export function described(delta: Delta): Described {
  const kind = delta.type;
  switch (delta.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return { kind, what: quoted(delta.text) };
    case "tool": {
      const head = delta.name === undefined ? [] : [delta.name];
      return { kind, what: [...head, ...(delta.arguments === "" ? [] : [quoted(delta.arguments)])].join(" ") };
    }
    case "start":
      return { kind, what: delta.model ?? "", ...(delta.id !== undefined && { detail: delta.id }) };
    case "usage": {
      const { input, output, reasoning } = delta;
      return {
        kind,
        what: `${input ?? "?"} in, ${output ?? "?"} out`,
        ...(reasoning && { detail: `${reasoning} reasoning` }),
      };
    }
    case "finish":
      return { kind, what: delta.reason, ...(delta.raw !== delta.reason && { detail: delta.raw }) };
    case "error":
      return { kind, what: String(delta.code ?? ""), detail: cut(delta.message) };
    case "end":
      return { kind, what: delta.outcome, detail: proofOf(delta) };
    default:
      return { kind, what: quoted(kind === "signature" ? "…" : JSON.stringify(delta)) };
  }
}

function proofOf({ outcome, via, cause }: Extract<Delta, { type: "end" }>): string {
  if (via === "sentinel") return "[DONE] was there";
  if (via !== undefined) return "a finish reason was there";
  if (outcome === "aborted") return "by you";
  if (outcome === "truncated" && cause === undefined) return "no [DONE], no finish reason";
  return cause instanceof Error ? cut(cause.message) : "no [DONE], no finish reason";
}

function quoted(text: string): string {
  return cut(JSON.stringify(text));
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
