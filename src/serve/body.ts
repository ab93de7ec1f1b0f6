import { concat } from "../bytes.js";
import { kindOf } from "../errors.js";
import { isObject, isPromise, type Read, type Reader } from "../source.js";
import type { Sink } from "../stage.js";

/** Takes the values of a source and how it ended, and gives bytes. `fail` throws nothing: a body never ends in silence. */
export interface Writer<T> extends Sink<T> {
  fail: (error: unknown) => void;
}

/** Bytes that keep a silent connection open, after `interval` milliseconds in which there were none. */
export interface Heartbeat {
  interval: number;
  bytes: () => Uint8Array<ArrayBuffer>;
}

/** A chunk goes out once it has so many bytes, also if the source has more. */
const CHUNK_LENGTH = 64 * 1024;
/** For how many microtasks a source is taken to have its next value at hand: streams and iterators answer in a few. */
const TURNS = 16;
const LONGEST_TIMER = 2 ** 31 - 1; // longer ones fire at once

/** For what a cancelled source complains of: nobody is left to hear it. */
const ignore = (): void => undefined;

/** A read of the source, under way or over. */
interface Reading {
  isPending: boolean;
  /** Called when it is over: one promise more for each sign of life would be memory as long as the source is silent. */
  onSettled: () => void;
  result: Read<unknown> | undefined;
  failure: { error: unknown } | undefined;
}

/**
 * The bytes that `connect` makes of the source's values, pulled: a chunk holds all that the source had ready, and nothing
 * waits for more. The source is cancelled once when the reader leaves, or when a value cannot be written.
 */
export function bodyOf<T>(
  source: Reader<unknown>,
  connect: (push: (bytes: Uint8Array) => void) => Writer<T>,
  heartbeat: Heartbeat,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let reading: Reading | undefined;
  let isSourceOpen = true;
  let isLeft = false;
  const alarm = new Alarm(heartbeat.interval);
  const writer = connect((bytes) => {
    parts.push(bytes);
    length += bytes.length;
  });

  function take({ result, failure }: Reading): void {
    reading = undefined;
    try {
      if (failure !== undefined) throw failure.error;
      if (!isObject(result)) throw new TypeError(`The source's iterator gave ${kindOf(result)}, no result`);
      if (!result.done) return writer.push(result.value as T);
      isSourceOpen = false;
      source.release();
      writer.end();
    } catch (error) {
      if (isSourceOpen && failure === undefined) source.cancel(error).catch(ignore);
      else if (isSourceOpen) source.release();
      isSourceOpen = false;
      writer.fail(error);
    }
  }

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        while (isSourceOpen && length < CHUNK_LENGTH) {
          reading ??= read(source);
          if (reading.isPending && !(await isAtHand(reading))) {
            if (length > 0) break;
            const isInTime = await alarm.isLaterThan(reading);
            if (isLeft) return;
            if (!isInTime) return controller.enqueue(heartbeat.bytes());
          }
          if (isLeft) return;
          take(reading);
        }
        alarm.stop();
        if (length > 0) controller.enqueue(concat(parts) as Uint8Array<ArrayBuffer>);
        parts = [];
        length = 0;
        if (!isSourceOpen) controller.close();
      },
      async cancel(reason) {
        isLeft = true;
        alarm.stop();
        if (!isSourceOpen) return;
        isSourceOpen = false;
        await source.cancel(reason).catch(ignore);
      },
    },
    { highWaterMark: 0 },
  );
}

function read(source: Reader<unknown>): Reading {
  const reading: Reading = { isPending: true, onSettled: ignore, result: undefined, failure: undefined };
  const take = (result: Read<unknown>): void => {
    reading.result = result;
    settle();
  };
  const fail = (error: unknown): void => {
    reading.failure = { error };
    settle();
  };
  const settle = (): void => {
    reading.isPending = false;
    reading.onSettled();
  };
  try {
    const result = source.read();
    if (isPromise(result)) result.then(take, fail);
    else take(result);
  } catch (error) {
    fail(error);
  }
  return reading;
}

/** Whether the source answers without waiting for anything. */
async function isAtHand(reading: Reading): Promise<boolean> {
  for (let turn = 0; turn < TURNS && reading.isPending; turn++) await undefined;
  return !reading.isPending;
}

/** Rings once nothing has come for `interval` milliseconds; a timer exists only while somebody waits. */
class Alarm {
  readonly #interval: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onRing: () => void = ignore;

  constructor(interval: number) {
    this.#interval = interval;
  }

  /** Waits for the read, or for the alarm: then it is not later. Reads one after the other share an interval. */
  isLaterThan(reading: Reading): PromiseLike<boolean> | boolean {
    if (!reading.isPending) return true;
    if (this.#timer === undefined && this.#interval <= LONGEST_TIMER) {
      this.#timer = setTimeout(() => this.#ring(), this.#interval);
    }
    return new Promise((resolve) => {
      this.#onRing = () => resolve(false);
      reading.onSettled = () => resolve(true);
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ring(): void {
    this.stop();
    this.#onRing();
  }
}
