import { kindOf } from "./errors.js";
import { pair } from "./pair.js";

/** Takes values. Both calls are synchronous; what they throw is the stream's error. After `end` or a throw no sink is called again. */
export interface Sink<T> {
  push: (value: T) => void;
  end: () => void;
}

/**
 * A transform stream made of a synchronous heart: `connect` builds fresh state in front of `out`.
 *
 * It is a transform stream in the sense of the Streams Standard: `body.pipeThrough(stage)` takes it. The pair of streams is
 * made on first use and is used once; `connect` works any number of times, which is how `fuse`, `flow` and tests run it.
 *
 * @see https://streams.spec.whatwg.org/#other-specs-ts
 */
export class Stage<In, Out> {
  readonly connect: (out: Sink<Out>) => Sink<In>;
  #pair: ReadableWritablePair<Out, In> | undefined;

  constructor(heart: (out: Sink<Out>) => Sink<In>) {
    this.connect = (out) => sealed(heart, out);
  }

  /** What comes out. No chunk is looked into before this is read. */
  get readable(): ReadableStream<Out> {
    this.#pair ??= pair(this);
    return this.#pair.readable;
  }

  /**
   * What goes in. A write ends when what it gave has been read: `await` it only while somebody reads.
   * @throws TypeError when it is taken a second time
   */
  get writable(): WritableStream<In> {
    this.#pair ??= pair(this);
    return this.#pair.writable;
  }
}

/**
 * Makes a stage of your own. `heart` is called once for each stream and gets the sink to push its output into; all state
 * lives in its closure. It may call `out.end()` early: the source is then cancelled and later input ignored.
 *
 * @param heart builds fresh state in front of `out`
 * @throws TypeError when `heart` is not a function
 *
 * @example
 * ```ts
 * import { flow, type Stage, stage } from "sluice";
 *
 * const take = <T>(count: number): Stage<T, T> =>
 *   stage((out) => {
 *     let left = count;
 *     return {
 *       push(value) {
 *         out.push(value);
 *         if (--left === 0) out.end();
 *       },
 *       end: () => out.end(),
 *     };
 *   });
 *
 * for await (const value of flow(["a", "b", "c"], take(2))) console.log(value);
 * // → a
 * // → b
 * ```
 */
export function stage<In, Out>(heart: (out: Sink<Out>) => Sink<In>): Stage<In, Out> {
  if (typeof heart !== "function") {
    throw new TypeError(`stage takes a function from a sink to a sink; got ${kindOf(heart)}`);
  }
  return new Stage(heart);
}

/**
 * Keeps the promise of `Sink` between hearts, so that fused ones do what separate ones do: nothing goes into a heart, or out of
 * it, once it has ended its output, and an error that the heart in front of it catches ends the stream all the same.
 */
function sealed<In, Out>(heart: (out: Sink<Out>) => Sink<In>, out: Sink<Out>): Sink<In> {
  let isOpen = true;
  let sink = heart({
    push(value) {
      if (isOpen) out.push(value);
    },
    end() {
      if (isOpen) {
        isOpen = false;
        out.end();
      }
    },
  });

  function fail(error: unknown): never {
    const throwAgain = (): never => {
      throw error;
    };
    sink = { push: throwAgain, end: throwAgain };
    throw error;
  }

  return {
    push(value) {
      try {
        if (isOpen) sink.push(value);
      } catch (error) {
        fail(error);
      }
    },
    end() {
      try {
        if (isOpen) sink.end();
      } catch (error) {
        fail(error);
      }
    },
  };
}

/**
 * Joins stages into one, which costs one hop however many there are: `body.pipeThrough(fuse(decode(), splitSSE()))`.
 * It gives the same values and errors as the stages one after the other.
 *
 * @throws TypeError when an argument is not a stage
 *
 * @example
 * ```ts
 * import { bufferParse, decode, filterEmpty, fuse, splitSSE } from "sluice";
 *
 * const body = new Response('data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n').body;
 * const values = body?.pipeThrough(fuse(decode(), splitSSE(), filterEmpty(), bufferParse<{ n: number }>()));
 * for await (const { n } of values ?? []) console.log(n);
 * // → 1
 * // → 2
 * ```
 */
export function fuse<A, B>(a: Stage<A, B>): Stage<A, B>;
export function fuse<A, B, C>(a: Stage<A, B>, b: Stage<B, C>): Stage<A, C>;
export function fuse<A, B, C, D>(a: Stage<A, B>, b: Stage<B, C>, c: Stage<C, D>): Stage<A, D>;
export function fuse<A, B, C, D, E>(a: Stage<A, B>, b: Stage<B, C>, c: Stage<C, D>, d: Stage<D, E>): Stage<A, E>;
export function fuse<A, B, C, D, E, F>(
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
): Stage<A, F>;
export function fuse<A, B, C, D, E, F, G>(
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
  f: Stage<F, G>,
): Stage<A, G>;
export function fuse<A, B, C, D, E, F, G, H>(
  a: Stage<A, B>,
  b: Stage<B, C>,
  c: Stage<C, D>,
  d: Stage<D, E>,
  e: Stage<E, F>,
  f: Stage<F, G>,
  g: Stage<G, H>,
): Stage<A, H>;
export function fuse(...stages: Stage<unknown, unknown>[]): Stage<unknown, unknown> {
  return fuseAll(stages);
}

/** `fuse` for a list: of no stages it makes one that passes everything through. */
export function fuseAll(stages: readonly Stage<unknown, unknown>[]): Stage<unknown, unknown> {
  for (const each of stages) {
    if (typeof each?.connect !== "function") throw new TypeError(`A stage was expected; got ${kindOf(each)}`);
  }
  return new Stage((out) => stages.reduceRight((sink, each) => each.connect(sink), out));
}
