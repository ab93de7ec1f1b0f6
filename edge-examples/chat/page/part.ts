import type { Delta, ErrorDelta, Finish, Usage } from "sluice/chat";
import { withUsage } from "./measures.ts";
import type { Answered, Call } from "./turn.ts";
import { verdictOf } from "./verdict.ts";

/** One stream of deltas as a part of an answer; a continued answer has several. It writes down what came, and the verdict. */
export class Part {
  readonly #answer: Answered;
  readonly #errors: ErrorDelta[] = [];
  readonly #calls: Map<string, Call> = new Map();
  #finish: Finish | undefined;
  #usage: Usage | undefined;
  #firstAt: number | undefined;
  #lastAt = 0;

  constructor(answer: Answered) {
    this.#answer = answer;
    delete answer.verdict;
  }

  /** @param at when it came, in milliseconds since the question was asked */
  take(delta: Delta, at: number): void {
    switch (delta.type) {
      case "text":
      case "refusal": // the model's own words, too
        if (delta.choice === 0) this.#answer.text += delta.text;
        return this.#content(at);
      case "reasoning":
        this.#answer.reasoning += delta.text;
        return this.#content(at);
      case "tool":
        this.#addTo(delta);
        return this.#content(at);
      case "usage":
        this.#usage = delta;
        return;
      case "finish":
        this.#finish = delta;
        this.#check();
        return;
      case "error":
        this.#errors.push(delta);
        return;
      case "end":
        return this.#end(delta);
    }
  }

  #content(at: number): void {
    this.#answer.counts.pieces += 1;
    this.#lastAt = at;
    this.#firstAt ??= at;
  }

  #addTo({ key, name, arguments: more }: Extract<Delta, { type: "tool" }>): void {
    let call = this.#calls.get(key);
    if (call === undefined) {
      call = { key: `${this.#answer.calls.length}`, name: "", arguments: "", isWhole: false };
      this.#calls.set(key, call);
      this.#answer.calls.push(call);
    }
    if (name !== undefined && call.name === "") call.name = name;
    call.arguments += more;
  }

  /** Only a container shows by itself that it is whole: half of a number is a number, too. */
  #check(): void {
    for (const call of this.#calls.values()) call.isWhole = /^\s*[{[]/.test(call.arguments) && isJSON(call.arguments);
  }

  #end(end: Extract<Delta, { type: "end" }>): void {
    this.#check();
    const { counts, text } = this.#answer;
    counts.seconds += this.#firstAt === undefined ? 0 : (this.#lastAt - this.#firstAt) / 1000;
    this.#answer.counts = withUsage(counts, this.#usage ?? {});
    this.#answer.verdict = verdictOf({ end, errors: this.#errors, finish: this.#finish, hasText: text !== "" });
  }
}

function isJSON(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
