import type { Delta, EndDelta, ErrorDelta, Finish, ToolDelta, Usage } from "./delta.js";
import type { Outcome, Via } from "./outcome.js";
import { isText, objectOf } from "./values.js";

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
    const { message } = objectOf(answer.cause);
    super(`The answer is not whole (${answer.outcome})${isText(message) ? `: ${message}` : ""}`, answer); // with its cause
    this.answer = answer;
  }
}

/** Puts an answer together, each piece once: linear however many deltas there are. */
export class Assembly {
  readonly #choices: Map<number, Choice> = new Map();
  readonly #calls: Map<string, ToolCall> = new Map();
  readonly #whole: Pick<Message, "id" | "model" | "usage" | "errors" | "unknown"> = { errors: [], unknown: [] };

  add(delta: Delta): void {
    switch (delta.type) {
      case "start": {
        const { type: _, ...from } = delta;
        Object.assign(this.#whole, from);
        return;
      }
      case "usage": {
        const { type: _, ...usage } = delta;
        this.#whole.usage = usage;
        return;
      }
      case "error":
        this.#whole.errors.push(delta);
        return;
      case "unknown":
        this.#whole.unknown.push(delta.raw);
        return;
      case "end":
        return;
      default:
        this.#addTo(this.#choiceOf(delta.choice), delta);
    }
  }

  /** The answer as it stands when it ends so. */
  message({ type: _, ...ended }: EndDelta): Message {
    const choices = [...this.#choices.values()]
      .sort((a, b) => a.choice - b.choice)
      .map((choice) => ({
        ...choice,
        toolCalls: choice.toolCalls.map((call) => withInput(call, ended.outcome === "complete")),
      }));
    const { choice: __, ...first } = choices[0] ?? begun(0);
    return { ...this.#whole, ...first, choices, ...ended };
  }

  #choiceOf(choice: number): Choice {
    let known = this.#choices.get(choice);
    if (known === undefined) {
      known = begun(choice);
      this.#choices.set(choice, known);
    }
    return known;
  }

  #addTo(choice: Choice, delta: Extract<Delta, { choice: number }>): void {
    switch (delta.type) {
      case "tool":
        return this.#addCall(choice, delta);
      case "signature":
        choice.signatures.push(delta.data);
        return;
      case "citation":
        choice.citations.push(delta.data);
        return;
      case "logprobs":
        choice.logprobs.push(delta.data);
        return;
      case "finish":
        choice.finish = { reason: delta.reason, raw: delta.raw };
        return;
      default:
        choice[delta.type] += delta.text; // a rope in every engine
    }
  }

  #addCall({ choice, toolCalls }: Choice, { key, id, name, arguments: text }: ToolDelta): void {
    let call = this.#calls.get(`${choice} ${key}`);
    if (call === undefined) {
      call = { key, arguments: "" };
      this.#calls.set(`${choice} ${key}`, call);
      toolCalls.push(call);
    }
    if (id !== undefined) call.id ??= id;
    if (name !== undefined) call.name ??= name;
    call.arguments += text;
  }
}

function begun(choice: number): Choice {
  return { choice, text: "", reasoning: "", refusal: "", signatures: [], toolCalls: [], citations: [], logprobs: [] };
}

/** Adds what whole arguments say. A number cut short is a number too, so only a container shows by itself that it is whole. */
function withInput(call: ToolCall, isComplete: boolean): ToolCall {
  const text = call.arguments.trim();
  if (!isComplete && !/^[[{]/.test(text)) return call;
  try {
    return { ...call, input: JSON.parse(text === "" ? "{}" : text) }; // a tool may have no parameters
  } catch {
    return call;
  }
}
