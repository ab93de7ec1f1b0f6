import type { Delta, Outcome } from "sluice/chat";

/** What is known of a request. Nothing in it was said by the caller or the model: no prompt, no answer, no token, no key. */
interface Fields {
  route: string;
  caller: string;
  model: string;
  upstream: string;
  stream: boolean;
  status: number;
  finish: string;
  usage: Usage;
  /** Milliseconds from the request to the first byte of the upstream's answer. */
  firstByteMs: number;
  /** A code, no message: providers quote prompts in theirs. */
  error: string;
  /** For whoever runs the gateway. */
  detail: string;
}

const COUNTS = ["input", "output", "reasoning", "cached", "total"] as const;

export type Usage = { [count in (typeof COUNTS)[number]]?: number };

/** One request's line in the log. */
export class RequestRecord {
  /** The caller gets it too, as `x-request-id`. */
  readonly id: string = crypto.randomUUID();
  readonly #began = Date.now();
  readonly #fields: Partial<Fields> = {};
  #bytes = 0;
  #outcome: Outcome | undefined;
  #isWritten = false;

  note(fields: Partial<Fields>): void {
    Object.assign(this.#fields, fields);
  }

  /** Bytes of the upstream's answer have come. */
  count(bytes: number): void {
    this.#fields.firstByteMs ??= Date.now() - this.#began;
    this.#bytes += bytes;
  }

  /** Reads along in an answer. */
  see(delta: Delta): void {
    if (delta.type === "usage") this.note({ usage: countsIn(delta) });
    else if (delta.type === "finish" && delta.choice === 0) this.note({ finish: delta.reason });
    else if (delta.type === "end") this.decide(delta.outcome);
  }

  /** What became of it: the first verdict counts. */
  decide(outcome: Outcome): void {
    this.#outcome ??= outcome;
  }

  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Writes the line, once. */
  write(outcome: Outcome): void {
    if (this.#isWritten) return;
    this.#isWritten = true;
    this.decide(outcome);
    const totalMs = Date.now() - this.#began;
    console.log(
      JSON.stringify({
        event: "request",
        id: this.id,
        ...this.#fields,
        outcome: this.#outcome,
        bytes: this.#bytes,
        totalMs,
      }),
    );
  }
}

function countsIn(usage: Usage): Usage {
  return Object.fromEntries(COUNTS.flatMap((name) => (usage[name] === undefined ? [] : [[name, usage[name]]])));
}
