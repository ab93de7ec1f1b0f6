import type { Meaning, ToolPart } from "../dialect.js";
import { isContainer, listOf, objectOf } from "../values.js";

type Value = Readonly<Record<string, unknown>>;

/** Reads Gemini's function calls; `end` is called when none goes on. */
export interface GeminiCalls {
  read: (call: Value, choice: number) => void;
  /** Gives what came of a call that was never finished, without its last bracket: nobody can take it for whole. */
  end: () => void;
}

/**
 * Gemini's function calls. Most come whole, without an id; with `partialArgs` each part names a path and what it adds there,
 * so that the text of the arguments is known only when the call is.
 */
export function geminiCalls(out: Meaning): GeminiCalls {
  let open: { part: ToolPart; choice: number; args: Value } | undefined;
  let count = 0;

  function close(cut?: number): void {
    const call = open;
    open = undefined;
    if (call !== undefined) out.tool({ ...call.part, arguments: JSON.stringify(call.args).slice(0, cut) }, call.choice);
  }

  return {
    read({ id, name, args, partialArgs, willContinue }, choice) {
      if (typeof name === "string") {
        close(-1);
        const part = { id, index: typeof id === "string" ? undefined : count++ };
        if (willContinue !== true) return out.tool({ ...part, name, arguments: args ?? {} }, choice);
        open = { part, choice, args: empty() };
        out.tool({ ...part, name }, choice);
      }
      for (const part of listOf(partialArgs)) if (open !== undefined) add(open.args, objectOf(part));
      if (willContinue !== true) close();
    },
    end: () => close(-1),
  };
}

/** Adds a part at its path; strings that continue grow. A list takes no more than its next element. */
function add(args: Value, { jsonPath, stringValue, numberValue, boolValue }: Value): void {
  const path = String(jsonPath).match(/[^.[\]'"$]+/g) ?? [];
  let inside: unknown = args;
  for (const [depth, key] of path.entries()) {
    if (!isContainer(inside) || (Array.isArray(inside) && !(Number(key) <= inside.length))) return;
    const before = inside[key];
    const next = path[depth + 1];
    if (next !== undefined) inside[key] = before ?? (/^\d+$/.test(next) ? [] : empty());
    else if (typeof stringValue !== "string") inside[key] = numberValue ?? boolValue ?? null;
    else inside[key] = typeof before === "string" ? before + stringValue : stringValue;
    inside = inside[key];
  }
}

/** An object without a prototype: a provider may name any property, `__proto__` too. */
function empty(): Record<string, unknown> {
  return Object.create(null);
}
