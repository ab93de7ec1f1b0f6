import { kindOf } from "../errors.js";
import { checkChoice } from "../options.js";

/** Something that goes wrong with a body. */
export interface Fault {
  /** The body ends there as if it were whole; fails there; or nothing more comes, not even its end, until it is cancelled. */
  readonly kind: "cut" | "error" | "stall";
  /** How many bytes come before, in the middle of a chunk if need be. More than there are, as when it is absent, is the end. */
  readonly at?: number;
  /** What the body fails with; a TypeError, as of a `fetch` whose connection broke, unless given. */
  readonly error?: unknown;
}

/** Options of `bodyOf`. */
export interface BodyOptions {
  /** Milliseconds before each chunk and before the end, counted from the first read. None at all, and no timer, unless given. */
  readonly pace?: number;
  readonly fault?: Fault;
}

/**
 * A body of these chunks, as `fetch` would give it: for tests of what reads one.
 *
 * It gives one chunk for each read. A timer exists only while a read waits. Cancelling stops it.
 *
 * @param chunks bytes, or text, which is sent as UTF-8
 * @returns a stream of copies of the chunks
 * @throws TypeError when an option or a chunk is not what it should be
 *
 * @example
 * ```ts
 * import { chat } from "sluice/chat";
 * import { bodyOf, cutInto } from "sluice/testing";
 *
 * const answer = 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
 * const whole = await chat(bodyOf(cutInto(answer, 1), { pace: 0.1 })).message();
 * console.log(whole.text, whole.outcome); // → Hi complete
 *
 * const cut = await chat(bodyOf([answer], { fault: { kind: "cut", at: 60 } })).message();
 * console.log(cut.text, cut.outcome); // → Hi truncated
 * ```
 */
export function bodyOf(
  chunks: Iterable<Uint8Array | string>,
  { pace = 0, fault }: BodyOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (!(typeof pace === "number" && pace >= 0)) throw new TypeError(`pace must be milliseconds; got ${String(pace)}`);
  const timed = Array.from(chunks, (chunk, index) => ({ at: (index + 1) * pace, bytes: bytesOf(chunk) }));
  return timedBody(timed, { at: (timed.length + 1) * pace, ...(fault === undefined ? {} : { fault }) });
}

function bytesOf(chunk: Uint8Array | string): Uint8Array {
  if (typeof chunk === "string") return new TextEncoder().encode(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`A body is made of bytes and text; got ${kindOf(chunk)}`);
}

/** A chunk and when it is due, in milliseconds from the first read. */
export interface TimedChunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** How a timed body ends unless a fault comes first. */
export interface TimedEnd {
  /** When it is due, in milliseconds from the first read. */
  readonly at: number;
  /** What it fails with; without it, it closes. */
  readonly failure?: { readonly error: unknown };
  readonly fault?: Fault;
}

/** A body that gives each chunk when it is due and asked for. */
export function timedBody(chunks: readonly TimedChunk[], end: TimedEnd): ReadableStream<Uint8Array<ArrayBuffer>> {
  const fault = end.fault === undefined ? undefined : checkedFault(end.fault);
  const clock = new Clock();
  let left = fault?.at ?? Infinity; // how many bytes may still come
  let next = 0;

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const chunk = chunks[next];
        if (left > 0 && chunk !== undefined) {
          if (!(await clock.reaches(chunk.at))) return;
          next++;
          const bytes = chunk.bytes.slice(0, left); // a copy: what becomes of it is the reader's business
          left -= bytes.length;
          return controller.enqueue(bytes);
        }
        if (left > 0 && !(await clock.reaches(end.at))) return;
        if (fault?.kind === "error") return controller.error(fault.error);
        if (fault?.kind === "stall") return await new Promise<never>(() => undefined);
        if (end.failure !== undefined && left > 0) return controller.error(end.failure.error);
        controller.close();
      },
      cancel: () => clock.stop(),
    },
    { highWaterMark: 0 },
  );
}

function checkedFault(fault: Fault): Required<Fault> {
  const { kind, at = Infinity, error = new TypeError("terminated") } = fault;
  checkChoice("fault.kind", kind, ["cut", "error", "stall"]);
  if (!(typeof at === "number" && at >= 0))
    throw new TypeError(`fault.at must be a number of bytes; got ${String(at)}`);
  return { kind, at, error };
}

const LONGEST_TIMER = 2 ** 31 - 1; // longer ones fire at once

/** Time since the first wait, in milliseconds. */
class Clock {
  #start: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: (() => void) | undefined;
  #isStopped = false;

  /** Waits until it is `at`, without a timer if it is already. @returns whether it came to that */
  async reaches(at: number): Promise<boolean> {
    this.#start ??= performance.now();
    for (;;) {
      if (this.#isStopped) return false;
      const rest = this.#start + at - performance.now(); // again: a timer can be early, or shorter than the wait
      if (rest <= 0) return true;
      await new Promise<void>((resolve) => {
        this.#stop = resolve;
        this.#timer = setTimeout(resolve, Math.min(Math.ceil(rest), LONGEST_TIMER));
      });
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#stop?.();
  }
}
