import { once } from "node:events";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { fileStore } from "../../cassette/file.js";
import { type CassetteSink, type RecordOptions, record as recorded } from "../../cassette/index.js";
import { publicMessage, publicURL } from "../../cassette/secrets.js";
import { flow } from "../../flow.js";
import type { AddCommand } from "../command.js";
import { type CurlOptions, requestOf } from "../curl-options.js";
import { EXIT, type Exit, Refusal } from "../exit.js";
import { counted } from "../inspect/facts.js";
import { say } from "../say.js";

interface Options extends CurlOptions {
  output?: string;
  silent?: true;
}

const gathered = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** `sluice record`: a cassette of what a URL answers, or of what comes in. */
export const record: AddCommand = (program, run) => {
  program
    .command("record")
    .summary("write a body down chunk for chunk, with its times")
    .description(
      "Writes a cassette of what a URL answers, or of standard input: each chunk with its time, and how it ended. " +
        "It goes to standard output; or to the file of -o, and then the body passes through to standard output. " +
        "Headers and keys are sent, and neither written down nor printed.",
    )
    .argument("[url]", "what to ask; standard input is recorded unless it is named")
    .option("-o, --output <file>", "where the cassette goes; the body then goes to standard output")
    .option("-s, --silent", "with -o, do not write the body to standard output, nor a summary to standard error")
    .option("-X, --request <method>", "GET, or POST with -d, unless named")
    .option("-H, --header <line>", '"name: value", or @file with a header on each line; any number of times', gathered)
    .option("-d, --data <data>", "the request's body; @file is a file's content, @- standard input", gathered)
    .action((url: string | undefined, options: Options) => run(({ signal }) => work(url, options, signal)));
};

async function work(url: string | undefined, options: Options, signal: AbortSignal): Promise<Exit> {
  const { silent } = options;
  const output = options.output === "-" ? undefined : options.output; // as curl has it
  if (output !== undefined) await checkPlace(output);
  const source = url === undefined || url === "-" ? piped(options) : await asked(url, options, signal);

  const tape = new Tape(output === undefined ? { write: (line) => toStdout(line, signal) } : fileStore(output));
  const body = recorded(source.body, tape, { ...source.about, onError: (error) => tape.fail(error) });
  const count = { chunks: 0, bytes: 0 };
  let failure: { error: unknown } | undefined;
  const reader = body.getReader();
  signal.addEventListener("abort", () => void reader.cancel(signal.reason).catch(() => undefined));
  try {
    for (let result = await reader.read(); !result.done; result = await reader.read()) {
      count.chunks++;
      count.bytes += result.value.length;
      if (output !== undefined && !silent) await toStdout(result.value, signal);
      await tape.keepUp();
    }
  } catch (error) {
    failure = { error };
  }
  await tape.finished();
  await new Promise<void>((resolve) => process.stdout.write("", () => resolve())); // all has left

  if (tape.failure !== undefined)
    throw new Refusal(`${output} cannot be written: ${publicMessage(tape.failure.error)}`);
  const extent = `${counted(count.chunks, "chunk")}, ${counted(count.bytes, "byte")}`;
  if (failure !== undefined) say(`the body broke off after ${extent}: ${publicMessage(failure.error)}`);
  else if (output !== undefined && !silent) say(`recorded ${extent} in ${output}`);
  const refused = refusalIn(source.about);
  if (refused !== undefined) say(refused);
  if (failure !== undefined) return EXIT.truncated;
  return refused === undefined ? EXIT.whole : EXIT.error;
}

/** Why a response is no answer, going by its status, if it is none. */
function refusalIn({ response: { status = 200, headers } = {} }: RecordOptions): string | undefined {
  if (status >= 400) return `the answer is an error: HTTP ${status}`;
  const location = new Headers(headers).get("location");
  if (status < 300 || location === null) return undefined;
  return `the answer is a redirect, and keys are sent nowhere else: HTTP ${status}, to ${publicURL(location)}`;
}

/** A body, and what is known of it. */
interface Source {
  body: ReadableStream<Uint8Array>;
  about: RecordOptions;
}

function piped({ request, header, data }: CurlOptions): Source {
  if ((request ?? header ?? data) !== undefined) {
    throw new Refusal("-X, -H and -d belong to a request: name the URL to ask", { exit: EXIT.usage });
  }
  if (process.stdin.isTTY) {
    const message = "nothing to record: name a URL, or pipe a body in (curl -N … | sluice record)";
    throw new Refusal(message, { exit: EXIT.usage });
  }
  return { body: flow<Uint8Array>(process.stdin).readable, about: {} };
}

async function asked(url: string, options: CurlOptions, signal: AbortSignal): Promise<Source> {
  const { url: target, init } = await requestOf(url, options);
  const since = performance.now();
  const waiting = new AbortController(); // once the head is there, it is the body that is cancelled
  const stop = (): void => waiting.abort(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    // As curl: a key goes to the host it is meant for, and fetch would take that of an x-api-key along to any other.
    const options = { ...init, redirect: "manual", signal: waiting.signal } as const;
    const { body, status, headers } = await fetch(target, options);
    const request = { method: init.method, url: target, headers: init.headers };
    return { body: body ?? flow([]).readable, about: { since, request, response: { status, headers } } };
  } catch (error) {
    throw new Refusal(`${publicURL(target)} cannot be reached: ${publicMessage(error)}`, { cause: error });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Where the lines go, with what the command has to know of it: whether it fails, falls behind, and is done. */
class Tape implements CassetteSink {
  failure: { error: unknown } | undefined;
  readonly #sink: CassetteSink;
  #written: unknown;
  #behind = 0;

  constructor(sink: CassetteSink) {
    this.#sink = sink;
  }

  write(line: string): unknown {
    this.#behind += line.length;
    this.#written = this.#sink.write(line);
    return this.#written;
  }

  close(): unknown {
    this.#written = this.#sink.close?.() ?? this.#written;
    return this.#written;
  }

  fail(error: unknown): void {
    this.failure = { error };
  }

  /** Waits for the sink now and then, so that what is not written yet stays small. */
  async keepUp(): Promise<void> {
    if (this.#behind < LARGEST_BACKLOG) return;
    this.#behind = 0;
    await this.finished();
  }

  async finished(): Promise<void> {
    await Promise.resolve(this.#written).catch(() => undefined); // `fail` is told
  }
}

const LARGEST_BACKLOG = 1024 * 1024; // characters

/** Resolves when more may be written, or when nobody reads any more. */
async function toStdout(data: string | Uint8Array, signal: AbortSignal): Promise<void> {
  if (process.stdout.write(data) || signal.aborted) return;
  await once(process.stdout, "drain", { signal }).catch(() => undefined);
}

/** Before anything is asked of anybody: an answer that cannot be kept need not be paid for. */
async function checkPlace(file: string): Promise<void> {
  try {
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory() === true) throw new Error("it is a directory");
    await access(found === undefined ? dirname(file) : file, constants.W_OK);
  } catch (cause) {
    throw new Refusal(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
