import { PendingText } from "../text/pending.js";
import type { Delta, EndDelta, ErrorDelta, Finish, TextDelta, ToolDelta, Usage } from "./delta.js";
import type { Outcome, Via } from "./outcome.js";
import { present } from "./values.js";

/** A tool call as it stands. `input` is there only when the arguments are whole, so that no part of them is executed. */
export interface ToolCall {
  key: string;
  id?: string;
  name?: string;
  arguments: string;
  input?: unknown;
}

/** One of the answers to one question; there are several when they were asked for (`n`). */
export interface Choice {
  choice: number;
  text: string;
  reasoning: string;
  refusal: string;
  signatures: string[];
  toolCalls: ToolCall[];
  citations: unknown[];
  logprobs: unknown[];
  finish?: Finish;
}

/** An answer as it arrived: what its first choice says, all of its choices, and what became of it. */
export interface Message extends Omit<Choice, "choice"> {
  id?: string;
  model?: string;
  usage?: Usage;
  choices: Choice[];
  /** Every error, of the provider and of what could not be read. */
  errors: ErrorDelta[];
  /** What has no place of its own, as it was sent. */
  unknown: unknown[];
  outcome: Outcome;
  via?: Via;
  cause?: unknown;
}

/** Thrown by `text()` when the answer was not whole; `answer` is what arrived. */
export class IncompleteAnswerError extends Error {
  override readonly name = "IncompleteAnswerError";
  readonly answer: Message;

  constructor(answer: Message) {
    const { outcome, cause } = answer;
    const why = (cause as { message?: unknown } | undefined)?.message;
    super(
      `The answer is ${WORDS[outcome]}${typeof why === "string" ? `: ${why}` : ""}`,
      cause === undefined ? undefined : { cause },
    );
    this.answer = answer;
  }
}

const WORDS: Readonly<Record<Outcome, string>> = {
  complete: "whole",
  truncated: "cut off",
  error: "an error",
  aborted: "aborted",
  stalled: "stalled",
};

/** Puts an answer together, each piece of text once: linear however many deltas there are. */
export class Assembly {
  readonly #choices: Map<number, ChoiceAssembly> = new Map();
  readonly #errors: ErrorDelta[] = [];
  readonly #unknown: unknown[] = [];
  #from: { id?: string; model?: string } = {};
  #usage: Usage | undefined;

  add(delta: Delta): void {
    switch (delta.type) {
      case "start": {
        const { type: _, ...from } = delta;
        this.#from = from;
        return;
      }
      case "usage": {
        const { type: _, ...usage } = delta;
        this.#usage = usage;
        return;
      }
      case "error":
        this.#errors.push(delta);
        return;
      case "unknown":
        this.#unknown.push(delta.raw);
        return;
      case "end":
        return;
      default:
        this.#choiceOf(delta.choice).add(delta);
    }
  }

  /** The answer as it stands when it ends so. */
  message({ type: _, ...ended }: EndDelta): Message {
    const all = [...this.#choices.values()].sort((a, b) => a.choice - b.choice);
    const choices = all.map((choice) => choice.choiceAt(ended.outcome === "complete"));
    const { choice: __, ...first } = choices[0] ?? new ChoiceAssembly(0).choiceAt(false);
    return present<Message>({
      ...this.#from,
      ...first,
      usage: this.#usage,
      choices,
      errors: this.#errors,
      unknown: this.#unknown,
      ...ended,
    });
  }

  #choiceOf(choice: number): ChoiceAssembly {
    const known = this.#choices.get(choice);
    if (known !== undefined) return known;
    const begun = new ChoiceAssembly(choice);
    this.#choices.set(choice, begun);
    return begun;
  }
}

class ChoiceAssembly {
  readonly choice: number;
  readonly #texts: Record<TextDelta["type"], PendingText> = {
    text: new PendingText(),
    reasoning: new PendingText(),
    refusal: new PendingText(),
  };
  readonly #signatures: string[] = [];
  readonly #tools: Map<string, { call: ToolCall; text: PendingText }> = new Map();
  readonly #citations: unknown[] = [];
  readonly #logprobs: unknown[] = [];
  #finish: Finish | undefined;

  constructor(choice: number) {
    this.choice = choice;
  }

  add(delta: Extract<Delta, { choice: number }>): void {
    switch (delta.type) {
      case "tool":
        return this.#addTool(delta);
      case "signature":
        this.#signatures.push(delta.data);
        return;
      case "citation":
        this.#citations.push(delta.data);
        return;
      case "logprobs":
        this.#logprobs.push(delta.data);
        return;
      case "finish":
        this.#finish = { reason: delta.reason, raw: delta.raw };
        return;
      default:
        this.#texts[delta.type].add(delta.text);
    }
  }

  choiceAt(isComplete: boolean): Choice {
    return present<Choice>({
      choice: this.choice,
      text: this.#texts.text.take(),
      reasoning: this.#texts.reasoning.take(),
      refusal: this.#texts.refusal.take(),
      signatures: this.#signatures,
      toolCalls: [...this.#tools.values()].map(({ call, text }) =>
        withInput({ ...call, arguments: text.take() }, isComplete),
      ),
      citations: this.#citations,
      logprobs: this.#logprobs,
      finish: this.#finish,
    });
  }

  #addTool({ key, id, name, arguments: text }: ToolDelta): void {
    let tool = this.#tools.get(key);
    if (tool === undefined) {
      tool = { call: { key, arguments: "" }, text: new PendingText() };
      this.#tools.set(key, tool);
    }
    if (id !== undefined) tool.call.id ??= id;
    if (name !== undefined) tool.call.name ??= name;
    tool.text.add(text);
  }
}

/** Adds what whole arguments say. A number cut short is a number too, so only a container shows by itself that it is whole. */
function withInput(call: ToolCall, isComplete: boolean): ToolCall {
  const text = call.arguments.trim();
  if (text === "") return isComplete ? { ...call, input: {} } : call; // a tool without parameters
  if (!isComplete && !/^[[{]/.test(text)) return call;
  try {
    return { ...call, input: JSON.parse(text) };
  } catch {
    return call;
  }
}
