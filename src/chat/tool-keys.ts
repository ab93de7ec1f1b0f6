import type { ToolPart } from "./dialect.js";
import { isText } from "./values.js";

/** A call as the deltas name it. */
export interface Call {
  readonly key: string;
  id: string | undefined;
}

/** Tells the tool calls of one choice apart, whatever the provider gives to tell them apart by. */
export class ToolKeys {
  readonly #byIndex: Map<number, Call> = new Map();
  readonly #byId: Map<string, Call> = new Map();
  readonly #used: Set<string> = new Set();
  #last: Call | undefined;
  #count = 0;

  get count(): number {
    return this.#used.size;
  }

  /**
   * The call that a part belongs to. Its key is its index, else its id, else a counter. A new id on an index that is in use
   * is a new call; a part with neither goes on with the last call, unless it has a name.
   */
  callOf({ index, id, name }: ToolPart): Call {
    const call = this.#find(index, id, name) ?? this.#begin(index, id);
    if (typeof index === "number") this.#byIndex.set(index, call);
    if (isText(id)) {
      call.id ??= id;
      this.#byId.set(id, call);
    }
    this.#last = call;
    return call;
  }

  #find(index: ToolPart["index"], id: ToolPart["id"], name: ToolPart["name"]): Call | undefined {
    if (typeof index === "number") {
      const call = this.#byIndex.get(index);
      return isText(id) && call?.id !== undefined && call.id !== id ? this.#byId.get(id) : call;
    }
    if (isText(id)) return this.#byId.get(id);
    return isText(name) ? undefined : this.#last;
  }

  #begin(index: ToolPart["index"], id: ToolPart["id"]): Call {
    let key = typeof index === "number" ? String(index) : "";
    if (key === "" || this.#used.has(key)) key = isText(id) && !this.#used.has(id) ? id : "";
    while (key === "" || this.#used.has(key)) key = String(this.#count++);
    this.#used.add(key);
    return { key, id: undefined };
  }
}
