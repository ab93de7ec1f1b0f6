import type { Meaning } from "../dialect.js";
import { isObject, isSomething, listOf, objectOf } from "../values.js";

/** A call whose arguments come in parts. */
interface OpenCall {
  id: string;
  choice: number;
  args: Record<string, unknown>;
}

/**
 * Gemini's function calls. Most come whole, without an id; with `partialArgs` each part names a path and what it adds there,
 * so that the text of the arguments is known only when the call is.
 */
export class GeminiCalls {
  readonly #out: Meaning;
  #open: OpenCall | undefined;
  #count = 0;

  constructor(out: Meaning) {
    this.#out = out;
  }

  read(call: Readonly<Record<string, unknown>>, choice: number): void {
    const { name, args, partialArgs, willContinue } = call;
    if (typeof name === "string") {
      this.end();
      const id = typeof call["id"] === "string" ? call["id"] : undefined;
      if (willContinue !== true) return this.#whole({ choice, id, name, arguments: args ?? {} });
      this.#out.tool({ choice, id, index: id === undefined ? this.#count : undefined, name, arguments: "" });
      this.#open = { id: id ?? "", choice, args: {} };
    }
    if (this.#open === undefined) return;
    for (const part of listOf(partialArgs)) add(this.#open.args, objectOf(part));
    if (willContinue !== true) this.#close(JSON.stringify(this.#open.args));
  }

  /** What came of a call that was never finished, without its last bracket: nobody can take it for whole. */
  end(): void {
    if (this.#open !== undefined) this.#close(JSON.stringify(this.#open.args).slice(0, -1));
  }

  #whole(part: { choice: number; id: string | undefined; name: string; arguments: unknown }): void {
    this.#out.tool({ ...part, index: part.id === undefined ? this.#count++ : undefined });
  }

  #close(text: string): void {
    const { id = "", choice } = this.#open ?? {};
    this.#open = undefined;
    this.#out.tool({ choice, id, index: id === "" ? this.#count++ : undefined, arguments: text });
  }
}

/** Adds a part at its path; strings that continue grow. */
function add(args: Record<string, unknown>, part: Readonly<Record<string, unknown>>): void {
  const path = String(part["jsonPath"]).match(/[^.[\]'"$]+/g) ?? [];
  const last = path.pop();
  if (last === undefined) return;
  let inside = args;
  for (const [depth, key] of path.entries()) {
    const next = own(inside, key) ?? (/^\d+$/.test(path[depth + 1] ?? last) ? [] : {});
    set(inside, key, next);
    if (!isObject(next) && !Array.isArray(next)) return;
    inside = next as Record<string, unknown>;
  }
  const { stringValue, numberValue, boolValue } = part;
  const before = own(inside, last);
  if (typeof stringValue === "string")
    set(inside, last, typeof before === "string" ? before + stringValue : stringValue);
  else set(inside, last, isSomething(numberValue) ? numberValue : (boolValue ?? null));
}

function own(target: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(target, key) ? target[key] : undefined;
}

/** Sets a property that a provider named, which may be `__proto__`. */
function set(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}
