import type { Sink, Stage } from "sluice";
import { SluiceError } from "sluice";

// What cases share. Streams are read with their readers: not every runtime can iterate them.

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** What an error promises. Messages are told only of errors that are sluice's or the case's own: engines word theirs in many ways. */
export function told(error: unknown): unknown {
  if (error instanceof SluiceError) return { ...plain(error), message: error.message };
  return error instanceof Error ? `${error.name}: ${error.message}` : error;
}

const plain = ({ name, code, offset, raw }: SluiceError): object => ({ name, code, offset, raw });

/** What `told` says of an error of the runtime's own, without its words: they differ. */
export const nameOf = (error: unknown): string => String(error).replace(/:.*/s, "");

/** What `work` throws at once. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return told(error);
  }
  return "nothing";
}

/** What a promise rejects with, or `"nothing"`. */
export function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => "nothing", told);
}

/** What comes out of a stage's heart, and how it ends; the log has what `onValue` of the case adds too, in order. */
export function heart<In, Out>(stage: Stage<In, Out>, chunks: readonly unknown[], log: unknown[] = []): unknown[] {
  const out: Sink<Out> = { push: (value) => void log.push(value), end: () => void log.push("end") };
  try {
    const sink = stage.connect(out) as Sink<unknown>;
    for (const chunk of chunks) sink.push(chunk);
    sink.end();
  } catch (error) {
    log.push({ threw: told(error) });
  }
  return log;
}

/** Everything that a stream or an iterable gives, and then how it ends. */
export async function everything(source: ReadableStream<unknown> | AsyncIterable<unknown>): Promise<unknown[]> {
  const log: unknown[] = [];
  try {
    const iterator = "getReader" in source ? values(source) : source[Symbol.asyncIterator]();
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) log.push(result.value);
    log.push("end");
  } catch (error) {
    log.push({ threw: told(error) });
  }
  return log;
}

/** A stream's values, with the two calls of an iterator that reading needs. */
export function values<T>(stream: ReadableStream<T>): AsyncIterator<T, undefined> {
  const reader = stream.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** The text of a stream of bytes. */
export async function joinedText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const reading = values(stream);
  for (let result = await reading.next(); !result.done; result = await reading.next()) {
    text += decoder.decode(result.value, { stream: true });
  }
  return text + decoder.decode();
}

/** A Response, or in an engine that has none what sluice reads of one. */
export function responseOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  contentType = "",
  status = 200,
): Response {
  if (typeof Response === "function") {
    return new Response(body, { status, headers: contentType === "" ? {} : { "content-type": contentType } });
  }
  const headers = { get: (name: string) => (name === "content-type" && contentType !== "" ? contentType : null) };
  return { body, bodyUsed: false, status, headers } as unknown as Response;
}

/** Cuts text or bytes into pieces of one size. */
export function cut<T extends string | Uint8Array>(input: T, size: number): T[] {
  const pieces: T[] = [];
  for (let at = 0; at < input.length; at += size) pieces.push(input.slice(at, at + size) as T);
  return pieces;
}

/** An endless supply of chunks, and how many of them were taken. */
export function* counting<T>(make: (n: number) => T): Generator<T> {
  for (let n = 0; ; n++) yield make(n);
}
