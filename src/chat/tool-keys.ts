import type { Sink } from "../stage.js";
import type { ToolPart } from "./dialect.js";
import { isText } from "./values.js";

/** A call as the deltas name it. */
export interface Call {
  readonly key: string;
  id?: string;
  /** What reads its arguments, where snapshots of them are asked for. */
  arguments?: Sink<string>;
}

/**
 * Tells the tool calls of one choice apart: gives the call that a part belongs to. Its key is its index, else its id, else a
 * counter. A new id on an index that is in use is a new call; a part with neither goes on with the last call, unless it has a
 * name.
 */
export function toolKeys(): (part: ToolPart) => Call {
  const calls = new Map<unknown, Call>(); // by index, a number, and by id, a text
  const keys = new Set<string>();
  let last: Call | undefined;
  let count = 0;

  return ({ index, id, name }) => {
    const names = [index, id].filter((each) => typeof each === "number" || isText(each));
    let call = names.length > 0 ? calls.get(names[0]) : isText(name) ? undefined : last;
    if (isText(id) && call?.id !== undefined && call.id !== id) call = calls.get(id);
    if (call === undefined) {
      const untried = [...names];
      let key: string;
      do key = String(untried.shift() ?? count++);
      while (keys.has(key));
      keys.add(key);
      call = { key };
    }
    if (isText(id)) call.id ??= id;
    for (const each of names) calls.set(each, call);
    last = call;
    return call;
  };
}
