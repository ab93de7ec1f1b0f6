import { Digest, Joined, Length, Tally } from "./checksum.ts";
import { milliseconds } from "./clock.ts";
import type { Contender } from "./contenders/contender.ts";
import { response } from "./source.ts";
import { workloads } from "./workloads/index.ts";

/** What a seat is asked for, and what it answers: plain data, because a process or a network lies between. */
export interface Question {
  readonly ask: "expect" | "verify" | "run";
  readonly workload: string;
  readonly count: number;
}

export interface Answer {
  /** Of all values in order: what the workload was made of (`expect`), or what the contender read (`verify`). */
  readonly digest?: string;
  readonly tally?: string;
  /** What a `run` took by the seat's own clock; a runtime whose clocks stand still is timed from outside. */
  readonly milliseconds?: number;
  readonly error?: string;
}

const contentTypes = { sse: "text/event-stream", lines: "application/x-ndjson" };

/** A contender with its workload in memory, alone in its process or isolate, so that no contender lives with another's garbage or type feedback. */
export class Seat {
  readonly #contender: Contender;
  readonly #text: boolean;
  #prepared: { workload: string; count: number; chunks: Uint8Array<ArrayBuffer>[] } | undefined;

  constructor(contender: Contender) {
    this.#contender = contender;
    this.#text = contender.reads === "text";
  }

  #digest = (): Digest | Joined => (this.#text ? new Joined() : new Digest());

  #tally = (): Tally | Length => (this.#text ? new Length() : new Tally());

  readonly answer = async ({ ask, workload: name, count }: Question): Promise<Answer> => {
    try {
      const workload = workloads.find((candidate) => candidate.name === name);
      if (!workload) throw new Error(`there is no workload "${name}"`);

      if (ask === "expect") {
        const [digest, tally] = [this.#digest(), this.#tally()];
        for (const value of this.#text ? [workload.text?.(count)] : workload.values(count)) {
          digest.add(value);
          tally.add(value);
        }
        return { digest: `${digest}`, tally: `${tally}` };
      }

      if (this.#prepared?.workload !== name || this.#prepared.count !== count) {
        this.#prepared = { workload: name, count, chunks: workload.chunks(count) };
      }
      const source = response(this.#prepared.chunks, contentTypes[workload.framing]);

      if (ask === "verify") {
        const digest = this.#digest();
        await this.#contender.read(source, workload.framing, digest.add);
        return { digest: `${digest}` };
      }

      const tally = this.#tally();
      const start = milliseconds();
      await this.#contender.read(source, workload.framing, tally.add);
      return { tally: `${tally}`, milliseconds: milliseconds() - start };
    } catch (error) {
      return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  };
}
