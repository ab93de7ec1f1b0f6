import type { Sink, Stage } from "sluice";
import { canonical } from "../support/transcript.ts";

// Looks on while the suite uses the package's exports, and can change one thing in what one of them does: so that the suite's
// coverage is measured, not claimed, and its digest is shown to notice.

/** The exports that have been called, constructed, tested with `instanceof`, or looked into. */
export const used = new Set<string>();
/** Those that made a stage or an answer, and those whose stages threw an error with an offset. */
export const makers = new Set<string>();
export const throwers = new Set<string>();

export interface Mutation {
  /** The export whose stages are changed. */
  of: string;
  /** What is changed, once: a value, the offset of an error, or the order of two values. */
  what: "value" | "offset" | "order";
}

let mutation: Mutation | undefined;

export function mutate(next: Mutation | undefined): void {
  mutation = next;
}

/** The export, watched. */
export function instrument<T>(name: string, value: T): T {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return value;
  const watched = new Proxy(value as object, {
    apply(target, self, args) {
      used.add(name);
      return changed(name, Reflect.apply(target as () => unknown, self, args));
    },
    construct(target, args, newTarget) {
      used.add(name);
      return Reflect.construct(target as new () => object, args, newTarget);
    },
    get(target, key, receiver) {
      if (typeof target === "object" || key === Symbol.hasInstance) used.add(name);
      return Reflect.get(target, key, receiver);
    },
  });
  return watched as T;
}

function changed(name: string, made: unknown): unknown {
  if (typeof made !== "object" || made === null) return made;
  const isStage = "connect" in made;
  if (!isStage && !("message" in made && "text" in made)) return made;
  makers.add(name);
  return isStage ? changedStage(name, made as Stage<unknown, unknown>) : changedAnswer(name, made);
}

function changedStage(name: string, made: Stage<unknown, unknown>): Stage<unknown, unknown> {
  const Made = made.constructor as new (connect: (out: Sink<unknown>) => Sink<unknown>) => Stage<unknown, unknown>;
  return new Made((out) => {
    const change = new Change(name);
    const sink = made.connect({
      push: (value) => change.push(value, out.push),
      end() {
        change.end(out.push);
        out.end();
      },
    });
    return {
      push: (value) => change.guard(() => sink.push(value), out.push),
      end: () => change.guard(() => sink.end(), out.push),
    };
  });
}

function changedAnswer(name: string, made: object): object {
  return new Proxy(made, {
    get(target, key) {
      if (key === Symbol.asyncIterator && mutation?.of === name) return () => changedDeltas(name, target as never);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function* changedDeltas(name: string, deltas: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const change = new Change(name);
  const waiting: unknown[] = [];
  const push = (value: unknown): void => void waiting.push(value);
  for await (const delta of deltas) {
    change.push(delta, push);
    yield* waiting.splice(0);
  }
  change.end(push);
  yield* waiting;
}

/** Makes the one change of the mutation, if it is meant for this export and has not been made. */
class Change {
  readonly #name: string;
  #held: { value: unknown } | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  push(value: unknown, push: (value: unknown) => void): void {
    const { what } = this.#mine() ?? {};
    if (what === "value") {
      mutation = undefined;
      return push(another(value));
    }
    if (this.#held !== undefined) {
      const { value: first } = this.#held;
      this.#held = undefined;
      if (canonical(first) !== canonical(value)) {
        mutation = undefined;
        push(value);
        return push(first);
      }
      push(first);
      return push(value);
    }
    if (what === "order") this.#held = { value };
    else push(value);
  }

  end(push: (value: unknown) => void): void {
    if (this.#held !== undefined) push(this.#held.value);
    this.#held = undefined;
  }

  guard(work: () => void, push: (value: unknown) => void): void {
    try {
      work();
    } catch (error) {
      this.end(push);
      if (isPlaced(error)) {
        throwers.add(this.#name);
        if (this.#mine()?.what === "offset") {
          mutation = undefined;
          Object.defineProperty(error, "offset", { value: error.offset + 1 });
        }
      }
      throw error;
    }
  }

  #mine(): Mutation | undefined {
    return mutation?.of === this.#name ? mutation : undefined;
  }
}

function isPlaced(error: unknown): error is { offset: number } {
  return error instanceof Error && "offset" in error && typeof error.offset === "number";
}

/** A value like this one, but not the same. */
function another(value: unknown): unknown {
  if (typeof value === "string") return `${value}.`;
  if (typeof value === "number") return value + 1;
  if (value instanceof Uint8Array) return new Uint8Array([...value, 0]);
  if (Array.isArray(value)) return [...value, "another"];
  return typeof value === "object" ? { ...value, another: true } : "another";
}
