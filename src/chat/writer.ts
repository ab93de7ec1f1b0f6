import { checkFunction } from "../options.js";
import type { Stage } from "../stage.js";
import type { Delta, Finish, TextDelta, ToolDelta, Usage } from "./delta.js";
import type { Meaning, Push, ToolPart } from "./dialect.js";
import { snapshotting } from "./snapshots.js";
import type { Think } from "./think.js";
import { type Call, toolKeys } from "./tool-keys.js";
import { mergeUsage } from "./usage.js";
import { isContainer, isObject, isSomething, isText, listOf, objectOf } from "./values.js";

/** What a writer is asked for beyond the deltas themselves; the caller brings it, so that no bundle holds it unasked. */
export interface WriterOptions {
  /** What reads reasoning that stands in the text: `inlineThink`. */
  think?: Think | undefined;
  /** Makes what reads a tool's arguments while they come, such as `partialJSON`: its deltas then carry a `snapshot`. */
  snapshots?: (() => Stage<string, unknown>) | undefined;
}

/** Writes what a dialect says as deltas; what proves and disproves that the answer is whole is for others to judge. */
export interface Writer extends Omit<Meaning, "fail" | "done"> {
  /** Gives what has been held back. */
  flush: () => void;
  /** Whether there is an answer, and none without a finish reason. */
  isFinished: () => boolean;
}

/** What is known of one of the answers. It is there once something of it has come. */
interface ChoiceState {
  hasCalls: boolean;
  callOf: (part: ToolPart) => Call;
  think: ReturnType<Think> | undefined;
}

/**
 * Makes the writer of one answer. `onError` gets a finish reason that says that the provider failed.
 * @throws TypeError when what the caller brings is no function
 */
export function writer(push: Push, { think, snapshots }: WriterOptions, onError: (raw: string) => void): Writer {
  for (const [name, value] of Object.entries({ think, snapshots })) if (value !== undefined) checkFunction(name, value);
  const choices = new Map<number, ChoiceState>();
  const finished = new Set<number>(); // the choices that are
  const citations = new Set<string>();
  const from: { id?: string; model?: string } = {};
  const snapshot = snapshots && snapshotting(snapshots);
  let isStarted = false;
  let usage: Usage | undefined;

  function stateOf(choice: number): ChoiceState {
    let state = choices.get(choice);
    if (state === undefined) {
      const say = (text: string, type: TextDelta["type"]): void => content({ type, text, choice });
      state = { hasCalls: false, callOf: toolKeys(), think: think?.(say) };
      choices.set(choice, state);
    }
    return state;
  }

  function start(): void {
    if (!isStarted) push({ type: "start", ...from });
    isStarted = true;
  }

  function content(delta: Delta & { choice: number }): void {
    start();
    stateOf(delta.choice);
    push(delta);
  }

  const out: Writer = {
    start(id, model) {
      if (isText(id)) from.id ??= id;
      if (isText(model)) from.model ??= model;
      // Some providers say the one before the other: what is missing may come until there is content.
      if (isText(from.id) && isText(from.model)) start();
    },

    text(text, choice = 0, type = "text") {
      if (typeof text !== "string") return;
      const { think } = stateOf(choice);
      if (type === "text" && think !== undefined) think.push(text);
      else if (text !== "") content({ type, text, choice });
    },

    signature(data, choice = 0) {
      if (isText(data)) content({ type: "signature", data, choice });
    },

    tool(part, choice = 0) {
      const called = objectOf(part.function);
      const { index = called["index"], id } = part;
      const name = called["name"] ?? part.name;
      const state = stateOf(choice);
      const call = state.callOf({ index, id, name });
      state.hasCalls = true;
      const delta: ToolDelta = {
        type: "tool",
        choice,
        key: call.key,
        arguments: textOf(called["arguments"] ?? part.arguments),
      };
      if (isText(id)) delta.id = id;
      if (isText(name)) delta.name = name;
      snapshot?.(call, delta);
      content(delta);
    },

    citation(data, choice = 0) {
      for (const each of listOf(data)) {
        const text = JSON.stringify(each);
        if (!isSomething(each) || citations.has(text)) continue;
        citations.add(text);
        content({ type: "citation", data: each, choice });
      }
    },

    logprobs(data, choice = 0) {
      const parts = isObject(data) ? Object.values(data) : [data];
      if (parts.some(isSomething)) push({ type: "logprobs", data, choice });
    },

    usage(raw) {
      if (!isSomething(raw)) return;
      usage = mergeUsage(usage, raw);
      push({ type: "usage", ...usage });
    },

    finish(raw, choice = 0) {
      if (!isText(raw)) return;
      const state = stateOf(choice);
      const word = reasonOf(raw);
      out.flush();
      if (word === "other" && /^error/i.test(raw)) onError(raw);
      const reason = word === "stop" && state.hasCalls ? "tool" : word; // some providers do not tell them apart
      finished.add(choice);
      push({ type: "finish", choice, reason, raw });
    },

    unknown: (raw) => push({ type: "unknown", raw }),

    flush() {
      if (isSomething(from)) start();
      for (const state of choices.values()) state.think?.flush();
    },

    isFinished: () => choices.size > 0 && finished.size === choices.size,
  };
  return out;
}

/** The words of all providers, as four. */
const REASONS: readonly (readonly [Finish["reason"], RegExp])[] = [
  ["content-filter", /filter|safety|toxic|recitation|block|prohibited|spii|refus|guardrail/i],
  ["length", /length|limit|max_.*tokens|context_window/i],
  ["tool", /^(tool|function)/i],
  ["stop", /^(stop|end|eos|complete|finish)/i],
];

function reasonOf(raw: string): Finish["reason"] {
  return REASONS.find(([, words]) => words.test(raw))?.[0] ?? "other";
}

/** Arguments as text: text as it is, a value as JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : isContainer(value) ? JSON.stringify(value) : "";
}
