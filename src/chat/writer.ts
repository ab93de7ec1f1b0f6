import type { Stage } from "../stage.js";
import type { Delta, ErrorDelta, Finish, TextDelta, ToolDelta, Usage } from "./delta.js";
import type { Meaning, Push, ToolPart } from "./dialect.js";
import type { Problem } from "./framing/framing.js";
import type { Evidence } from "./outcome.js";
import { problemOf } from "./problem.js";
import { Snapshots } from "./snapshots.js";
import { Think } from "./think.js";
import { ToolKeys } from "./tool-keys.js";
import { mergeUsage } from "./usage.js";
import { isObject, isSomething, isText, present } from "./values.js";

/** What a writer is asked for beyond the deltas themselves. */
export interface WriterOptions {
  think: boolean;
  snapshots: (() => Stage<string, unknown>) | undefined;
}

/** Writes what a dialect says as deltas, and notes what proves and what disproves that the answer is whole. */
export class Writer implements Meaning {
  readonly #push: Push;
  readonly #evidence: Evidence;
  readonly #options: WriterOptions;
  readonly #keys: Map<number, ToolKeys> = new Map();
  readonly #thinks: Map<number, Think> = new Map();
  readonly #citations: Set<string> = new Set();
  readonly #snapshots: Snapshots | undefined;
  readonly #from: { id?: string; model?: string } = {};
  #isStarted = false;
  #usage: Usage | undefined;
  /** Whether a terminal event has come. */
  isDone = false;
  /** The text of the frame that is being read. */
  raw = "";

  constructor(push: Push, evidence: Evidence, options: WriterOptions) {
    this.#push = push;
    this.#evidence = evidence;
    this.#options = options;
    this.#snapshots = options.snapshots && new Snapshots(options.snapshots);
  }

  start(id: unknown, model: unknown): void {
    if (isText(id)) this.#from.id ??= id;
    if (isText(model)) this.#from.model ??= model;
    // Some providers say the one before the other: what is missing may come until there is content.
    if (this.#from.id !== undefined && this.#from.model !== undefined) this.#begin();
  }

  text(text: unknown, choice?: number | null, type: TextDelta["type"] = "text"): void {
    if (typeof text !== "string") return;
    const at = choice ?? 0;
    if (text === "") this.#evidence.begin(at);
    else if (type === "text" && this.#options.think) this.#thinkOf(at).push(text);
    else this.#content({ type, text, choice: at });
  }

  signature(data: unknown, choice?: number | null): void {
    if (isText(data)) this.#content({ type: "signature", data, choice: choice ?? 0 });
  }

  tool(part: ToolPart): void {
    const choice = part.choice ?? 0;
    const keys = this.#keys.get(choice) ?? new ToolKeys();
    this.#keys.set(choice, keys);
    const call = keys.callOf(part);
    const delta: ToolDelta = { type: "tool", choice, key: call.key, arguments: textOf(part.arguments) };
    if (isText(part.id)) delta.id = part.id;
    if (isText(part.name)) delta.name = part.name;
    this.#snapshots?.add(call, delta);
    this.#content(delta);
  }

  citation(data: unknown, choice?: number | null): void {
    if (!isSomething(data)) return;
    const text = JSON.stringify(data);
    if (this.#citations.has(text)) return;
    this.#citations.add(text);
    this.#content({ type: "citation", data, choice: choice ?? 0 });
  }

  logprobs(data: unknown, choice?: number | null): void {
    const hasSome = isObject(data) ? Object.values(data).some(isSomething) : isSomething(data);
    if (hasSome) this.#push({ type: "logprobs", data, choice: choice ?? 0 });
  }

  usage(raw: unknown): void {
    if (!isSomething(raw)) return;
    this.#usage = mergeUsage(this.#usage, raw);
    this.#push({ type: "usage", ...this.#usage });
  }

  finish(raw: unknown, choice?: number | null): void {
    if (!isText(raw)) return;
    const at = choice ?? 0;
    const word = reasonOf(raw);
    this.end();
    if (word === "error" && !this.#evidence.isFailed)
      this.#failure({ message: `The provider stopped with ${raw}`, raw });
    // Some providers say "stop" where the model called a tool.
    const isTool = word === "stop" && (this.#keys.get(at)?.count ?? 0) > 0;
    this.#evidence.finish(at);
    this.#push({ type: "finish", choice: at, reason: isTool ? "tool" : word === "error" ? "other" : word, raw });
  }

  fail(error: unknown): void {
    this.#failure(problemOf(error, this.raw === "" ? textOf(error) : this.raw));
  }

  unknown(raw: unknown): void {
    this.#push({ type: "unknown", raw });
  }

  done(): void {
    this.#evidence.prove("terminal-event");
    this.isDone = true;
  }

  /** Gives what has been held back. */
  end(): void {
    if (this.#from.id !== undefined || this.#from.model !== undefined) this.#begin();
    for (const think of this.#thinks.values()) think.end();
  }

  #failure(problem: Problem): void {
    this.#evidence.isFailed = true;
    this.problem(problem);
  }

  /** Something is wrong, with the provider or with a part of the body. */
  problem({ message, raw, code, status, offset, cause }: Problem): void {
    const delta = present<ErrorDelta>({ type: "error", message, code, status, offset, raw, cause });
    this.#evidence.error ??= delta;
    this.#push(delta);
  }

  #thinkOf(choice: number): Think {
    let think = this.#thinks.get(choice);
    if (think === undefined) {
      think = new Think((text, type) => this.#content({ type, text, choice }));
      this.#thinks.set(choice, think);
    }
    return think;
  }

  #content(delta: Delta & { choice: number }): void {
    this.#begin();
    this.#evidence.begin(delta.choice);
    this.#push(delta);
  }

  #begin(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#push({ type: "start", ...this.#from });
  }
}

/** The words of all providers, as five; `error` is told apart because it fails the answer. */
function reasonOf(raw: string): Finish["reason"] | "error" {
  const word = raw.toLowerCase();
  if (/filter|safety|toxic|recitation|blocklist|prohibited|spii|refus|guardrail|blocked/.test(word))
    return "content-filter";
  if (/length|limit|max_.*tokens|context_window/.test(word)) return "length";
  if (/^(tool|function)/.test(word)) return "tool";
  if (/^(stop|end|eos|complete|finish)/.test(word)) return "stop";
  return word.startsWith("error") ? "error" : "other";
}

/** Arguments as text: text as it is, a value as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : isObject(value) || Array.isArray(value) ? JSON.stringify(value) : "";
}
