import type { Delta, ErrorDelta, Finish, ToolDelta, Usage } from "./delta.js";
import type { Outcome, Via } from "./outcome.js";
import { isText, objectOf, parsed } from "./values.js";

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
export interface Assembly {
  add: (delta: Delta) => void;
  /** The answer as it stands; nobody may have said yet what became of it. */
  message: () => Message;
}

/** Makes the assembly of one answer. */
export function assemble(): Assembly {
  const choices = new Map<number, Choice>();
  const calls = new Map<string, ToolCall>();
  const whole: Omit<Message, keyof Choice | "choices"> = { outcome: "aborted", errors: [], unknown: [] };

  function of(choice: number): Choice {
    let known = choices.get(choice);
    if (known === undefined) {
      known = begun(choice);
      choices.set(choice, known);
    }
    return known;
  }

  function addCall({ choice, key, id, name, arguments: text }: ToolDelta): void {
    let call = calls.get(`${choice} ${key}`);
    if (call === undefined) {
      call = { key, arguments: "" };
      calls.set(`${choice} ${key}`, call);
      of(choice).toolCalls.push(call);
    }
    if (id !== undefined) call.id ??= id;
    if (name !== undefined) call.name ??= name;
    call.arguments += text;
  }

  return {
    add(delta) {
      switch (delta.type) {
        case "start":
        case "usage":
        case "end": {
          const { type, ...said } = delta;
          Object.assign(whole, type === "usage" ? { usage: said } : said);
          break;
        }
        case "error":
          whole.errors.push(delta);
          break;
        case "unknown":
          whole.unknown.push(delta.raw);
          break;
        case "tool":
          addCall(delta);
          break;
        case "signature":
          of(delta.choice).signatures.push(delta.data);
          break;
        case "citation":
          of(delta.choice).citations.push(delta.data);
          break;
        case "logprobs":
          of(delta.choice).logprobs.push(delta.data);
          break;
        case "finish":
          of(delta.choice).finish = { reason: delta.reason, raw: delta.raw };
          break;
        default:
          of(delta.choice)[delta.type] += delta.text; // a rope in every engine
      }
    },
    message() {
      const isComplete = whole.outcome === "complete";
      const all = [...choices.values()]
        .sort((a, b) => a.choice - b.choice)
        .map((choice) => ({ ...choice, toolCalls: choice.toolCalls.map((call) => withInput(call, isComplete)) }));
      const { choice: _, ...first } = all[0] ?? begun(0);
      return { ...whole, ...first, choices: all };
    },
  };
}

function begun(choice: number): Choice {
  return { choice, text: "", reasoning: "", refusal: "", signatures: [], toolCalls: [], citations: [], logprobs: [] };
}

/** Adds what whole arguments say. A number cut short is a number too, so only a container shows by itself that it is whole. */
function withInput(call: ToolCall, isComplete: boolean): ToolCall {
  const text = call.arguments.trim();
  const input = isComplete || /^[[{]/.test(text) ? parsed(text || "{}") : undefined; // a tool may have no parameters
  return input === undefined ? call : { ...call, input };
}
