import { kindOf } from "../errors.js";
import { check, checkFunction } from "../options.js";
import { isObject, isPromise, open, type Read } from "../source.js";
import { type CassetteEnd, type CassetteHeader, isStatus } from "./cassette.js";
import { chunkLine, endLine, headerLine } from "./format.js";
import { type Keep, publicHeaders, publicMessage, publicURL } from "./secrets.js";

/** Where the lines of a cassette go: a store, `process.stdout`, the writer of a WritableStream. */
export interface CassetteSink {
  /** Gets one line, with its line end. Nobody waits for what it returns; a promise that rejects is an error of the sink. */
  write: (line: string) => unknown;
  /** Called once, behind the last line or after an error of the sink. */
  close?: () => unknown;
}

/** Options of `record`. */
export interface RecordOptions {
  /** The request that is answered. Its body is not recorded. */
  request?: { readonly method?: string; readonly url?: string; readonly headers?: HeadersInit };
  /** What is answered, where `record` does not get the Response itself. */
  response?: { readonly status?: number; readonly headers?: HeadersInit };
  /** Time zero: when the request was sent, as `performance.now()` said then. The call of `record`, unless given. */
  since?: number;
  /** Further headers and query parameters whose values are no secrets. */
  keep?: Keep;
  /** Gets what the sink threw; the recording ends there, the body does not. Thrown to nobody, as from an event listener, unless given. */
  onError?: (error: unknown) => void;
}

/**
 * Writes a body down as it is read: what it was, each chunk with its time, and how it ended, in the format of
 * docs/cassette.md. What is read is unchanged: the same chunks, none before it is asked for, and a cancel reaches the source.
 *
 * No secret is written: of headers and query parameters only those that are known to hold none, of URLs no user and password.
 * The body is written as it is, whatever stands in it.
 *
 * @param body a Response, or a stream of bytes. It is claimed at once
 * @param sink gets the lines, without anybody waiting for it
 * @returns a Response or stream to be read in its place
 * @throws TypeError when an argument is not what it should be, or the body is locked or read already; a chunk that is no bytes
 *   is an error of the stream
 *
 * @example
 * ```ts
 * import { memoryStore, record, replay } from "sluice/cassette";
 *
 * const store = memoryStore();
 * const response = record(new Response("data: 1\n\n"), store); // of fetch, as a rule
 * console.log(await response.text()); // → data: 1
 *
 * const { chunks, end } = await store.read();
 * console.log(chunks.length, end?.how); // → 1 closed
 * console.log(await new Response(replay(await store.read())).text()); // → data: 1
 * ```
 */
export function record(body: Response, sink: CassetteSink, options?: RecordOptions): Response;
export function record<T extends Uint8Array>(
  body: ReadableStream<T>,
  sink: CassetteSink,
  options?: RecordOptions,
): ReadableStream<T>;
export function record(
  body: Response | ReadableStream<Uint8Array>,
  sink: CassetteSink,
  options: RecordOptions = {},
): Response | ReadableStream<Uint8Array> {
  if (!isObject(body)) throw new TypeError(`record takes a Response or a stream of bytes; got ${kindOf(body)}`);
  if (!isObject(sink) || typeof sink.write !== "function") {
    throw new TypeError(`A sink is an object with a function write; got ${kindOf(sink)}`);
  }
  if (options.onError !== undefined) checkFunction("onError", options.onError);
  if (!("body" in body)) return passThrough(body, new Recorder(sink, options));

  const { status, statusText, headers } = body;
  const recorder = new Recorder(sink, { ...options, response: { status, headers } });
  if (body.body === null) {
    recorder.start();
    recorder.end("closed");
    return body;
  }
  return new Response(passThrough(body, recorder), { status, statusText, headers });
}

/** The same body, shown to the recorder as it is read. */
function passThrough(body: Response | ReadableStream<Uint8Array>, recorder: Recorder): ReadableStream<Uint8Array> {
  const source = open(body);
  let isOpen = true;
  recorder.start();

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let result: Read<unknown>;
        try {
          result = await source.read();
        } catch (error) {
          if (isOpen) fail(controller, error);
          source.release();
          return;
        }
        if (!isOpen) return; // cancelled meanwhile
        if (result.done) {
          isOpen = false;
          source.release();
          recorder.end("closed");
          return controller.close();
        }
        const { value: chunk } = result;
        if (!ArrayBuffer.isView(chunk)) {
          const error = new TypeError(`A body's chunks are bytes; got ${kindOf(chunk)}`);
          fail(controller, error);
          return await source.cancel(error);
        }
        recorder.chunk(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)); // before anybody can change it
        controller.enqueue(chunk as Uint8Array); // the very chunk
      },
      cancel(reason) {
        isOpen = false;
        recorder.end("cancelled", reason);
        return source.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );

  function fail(controller: ReadableStreamDefaultController, error: unknown): void {
    isOpen = false;
    recorder.end("errored", error);
    controller.error(error);
  }
}

/** Writes the lines of one cassette, until its sink fails. */
class Recorder {
  readonly #sink: CassetteSink;
  readonly #zero: number;
  readonly #header: CassetteHeader;
  readonly #onError: ((error: unknown) => void) | undefined;
  #isWriting = true;
  #hasFailed = false;

  constructor(sink: CassetteSink, { request, response, since, keep, onError }: RecordOptions) {
    const now = performance.now();
    const isPast = since === undefined || (Number.isFinite(since) && since <= now); // times are not negative
    check("since", since, isPast, "what performance.now() said when the request was sent");
    this.#sink = sink;
    this.#zero = since ?? now;
    this.#onError = onError;
    this.#header = {
      cassette: 1,
      recorded: new Date(Date.now() - (now - this.#zero)).toISOString(),
      ...(request && {
        request: {
          ...(request.method !== undefined && { method: request.method }),
          ...(request.url !== undefined && { url: publicURL(request.url, keep) }),
          ...(request.headers !== undefined && { headers: publicHeaders(request.headers, keep) }),
        },
      }),
      ...(response && {
        response: {
          ...(isStatus(response.status) && { status: response.status }), // an opaque response has 0
          ...(response.headers !== undefined && { headers: publicHeaders(response.headers, keep) }),
          ...(since !== undefined && { at: Math.max(0, Math.round((now - since) * 1000) / 1000) }),
        },
      }),
    };
  }

  start(): void {
    this.#write(headerLine(this.#header));
  }

  chunk(bytes: Uint8Array): void {
    if (this.#isWriting) this.#write(chunkLine({ at: this.#now(), bytes }));
  }

  end(how: CassetteEnd["how"], reason?: unknown): void {
    this.#write(endLine({ at: this.#now(), how, ...describe(reason) }));
    this.#close();
  }

  #now(): number {
    return performance.now() - this.#zero;
  }

  #write(line: string): void {
    if (this.#isWriting) this.#call(() => this.#sink.write(line));
  }

  #close(): void {
    if (!this.#isWriting) return;
    this.#isWriting = false;
    this.#call(() => this.#sink.close?.());
  }

  /** Calls the sink. What goes wrong there is told, once, and disturbs nobody who reads. */
  #call(work: () => unknown): void {
    try {
      const result = work();
      if (isPromise(result)) result.then(undefined, (error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#close();
    queueMicrotask(() => {
      if (this.#onError === undefined) throw error;
      this.#onError(error);
    });
  }
}

/** What is said of an error or of the reason of a cancel. */
function describe(reason: unknown): { name?: string; message?: string } {
  if (reason === undefined) return {};
  return { ...(reason instanceof Error && { name: reason.name }), message: publicMessage(reason) };
}
