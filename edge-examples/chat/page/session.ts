import type { Deadlines, Delta } from "sluice/chat";
import type { Fault } from "../faults.ts";
import { AnswerView, questionElement } from "./answer-view.ts";
import type { Follower } from "./follow.ts";
import { type ChatMessage, messagesOf, messagesToContinue } from "./history.ts";
import { nextTask } from "./next-task.ts";
import { Part } from "./part.ts";
import type { Chunk } from "./reading/came.ts";
import { read } from "./reading/read.ts";
import { KeptTurns } from "./storage.ts";
import { newAnswer, type Turn } from "./turn.ts";
import { interrupted, type Verdict } from "./verdict.ts";

export interface SessionOptions {
  /** Where the turns go. */
  turns: HTMLElement;
  follower: Follower;
  deadlines: Deadlines;
  faults: () => Fault[];
  /** Somebody who wants to see what the network gives, and what comes of it. */
  network: Network;
  /** A turn has begun, ended, or all are gone. */
  onChange: (change: { isRunning: boolean; isEmpty: boolean; verdict?: Verdict }) => void;
}

/** Milliseconds in which a page that is left is gone. */
const LEAVING_TIME = 2000;

export interface Network {
  clear: () => void;
  chunk: (chunk: Chunk) => void;
  delta: (delta: Delta) => void;
}

interface Shown {
  turn: Turn;
  question: HTMLElement;
  view: AnswerView;
}

/** The conversation: its turns, the one that is running, and what is kept of them. */
export class Session {
  readonly #options: SessionOptions;
  readonly #kept: KeptTurns = new KeptTurns();
  #leaving: Promise<void> | undefined;
  #shown: Shown[] = [];
  #running: AbortController | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    // A browser that leaves a page cuts its connections first, which would look as if the network had done it.
    addEventListener("beforeunload", () => this.#leave());
    addEventListener("pagehide", () => this.#leave());
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get lastQuestion(): string | undefined {
    return this.#shown.at(-1)?.turn.question;
  }

  /** Brings back what was kept. An answer that was still coming then has been interrupted. */
  restore(): void {
    for (const turn of this.#kept.load()) {
      turn.answer.verdict ??= interrupted(turn.answer.text !== "");
      this.#show(turn);
    }
    this.#options.follower.toEnd();
    this.#changed();
  }

  async ask(question: string): Promise<void> {
    if (this.isRunning) return;
    const shown = this.#show({ question, answer: newAnswer() });
    await this.#run(shown, messagesOf(this.#turns));
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Forgets everything, here and in storage. */
  clear(): void {
    this.stop();
    this.#running = undefined;
    for (const { question, view } of this.#shown.splice(0)) {
      question.remove();
      view.element.remove();
    }
    this.#options.network.clear();
    this.#kept.clear();
    this.#changed();
  }

  /** Asks the last question again, and forgets what came of it. */
  async #retry(): Promise<void> {
    const last = this.#shown.at(-1);
    if (last === undefined || this.isRunning) return;
    this.#shown.pop();
    last.question.remove();
    last.view.element.remove();
    this.#kept.forget(last.turn);
    await this.ask(last.turn.question);
  }

  /** Asks for the rest of the last answer, behind what came of it. */
  async #continue(): Promise<void> {
    const last = this.#shown.at(-1);
    if (last === undefined || this.isRunning) return;
    await this.#run(last, messagesToContinue(this.#turns));
  }

  async #run({ turn, view }: Shown, messages: readonly ChatMessage[]): Promise<void> {
    const { deadlines, faults, network, follower } = this.#options;
    const stopper = new AbortController();
    this.#running = stopper;
    const part = new Part(turn.answer);
    network.clear();
    view.begin();
    follower.toEnd();
    void this.#kept.keep(turn);
    this.#changed();

    let at = 0; // when the last chunk came
    for await (const batch of read({ messages, faults: faults() }, { signal: stopper.signal, deadlines })) {
      if (this.#running !== stopper) break; // cleared
      for (const came of batch) {
        if (came.type === "chunk") {
          at = came.at;
          network.chunk(came);
        } else {
          part.take(came, at);
          view.take(came);
          network.delta(came);
        }
      }
    }
    // What is left is drawn in a task of its own.
    await nextTask();
    view.end();
    if (this.#running !== stopper) return;
    this.#running = undefined;
    this.#changed(turn.answer.verdict);
    await nextTask();
    if (isCut(turn)) await this.#leaving;
    if (this.#turns.includes(turn)) void this.#kept.keep(turn);
  }

  #show(turn: Turn): Shown {
    const { turns, follower } = this.#options;
    const view = new AnswerView(turn.answer, {
      retry: () => void this.#retry(),
      continue: () => void this.#continue(),
      onGrown: () => follower.grown(),
    });
    const shown = { turn, question: questionElement(turn.question), view };
    this.#shown.push(shown);
    turns.append(shown.question, view.element);
    return shown;
  }

  get #turns(): Turn[] {
    return this.#shown.map(({ turn }) => turn);
  }

  /** The page is about to go, most likely: what is kept is how things stand now. */
  #leave(): void {
    const last = this.#shown.at(-1)?.turn;
    const isLeft = this.#leaving !== undefined && last !== undefined && isCut(last);
    if (last !== undefined && !isLeft) this.#kept.keepAtOnce(last);
    this.#leaving ??= new Promise<void>((resolve) => setTimeout(resolve, LEAVING_TIME)).then(() => {
      this.#leaving = undefined; // it has stayed
    });
  }

  #changed(verdict?: Verdict): void {
    const isEmpty = this.#shown.length === 0;
    this.#options.onChange({ isRunning: this.isRunning, isEmpty, ...(verdict && { verdict }) });
  }
}

/** Ended as if the network had broken, which is also how it looks when the browser leaves the page. */
function isCut({ answer }: Turn): boolean {
  return answer.verdict?.outcome === "truncated";
}
