import { createReadStream, fstatSync, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { concat } from "../bytes.js";
import { type Cassette, isCassette, parseCassette } from "../cassette/index.js";
import { MAGIC } from "../cassette/parse.js";
import { SluiceError } from "../errors.js";
import { EXIT, Refusal } from "./exit.js";

/** A chunk of a body, and when it came if that is known: in milliseconds from time zero. */
export interface Chunk {
  bytes: Uint8Array;
  at?: number;
}

/** What a command reads: a body, chunk by chunk, and what is known of it. */
export interface Input {
  /** What it is called in messages and reports. */
  name: string;
  /** A cassette has the borders and times of the network, a pipe those at which it was read, a file neither. */
  kind: "cassette" | "pipe" | "file";
  /** Ends when the body does, or the command is stopped; throws what broke the body off. */
  chunks: AsyncIterable<Chunk>;
  status?: number;
  contentType?: string;
  /** What time zero is. */
  zero: "request" | "recording" | "command";
}

/** What a recorded body ended with, if it was not its own end. */
export class BrokenOff extends Error {}

/**
 * Opens what the user named, standard input unless it is a file; a cassette gives the body that it recorded.
 *
 * @throws Refusal when there is nothing to read there, or a cassette that is none
 */
export async function openInput(file: string | undefined, signal: AbortSignal): Promise<Input> {
  const isStandard = file === undefined || file === "-";
  if (isStandard && process.stdin.isTTY) {
    throw new Refusal("nothing to read: pipe a body in (curl -N … | sluice …) or name a file", { exit: EXIT.usage });
  }
  // `< file` comes at the pace of the disk, as a named one does; a named pipe, as `<(curl …)` is, does not.
  const isOnDisk = isStandard ? isFile(0) : (await checkFile(file)).isFile();
  const name = isStandard ? "standard input" : file;
  const stream = isStandard ? process.stdin : createReadStream(file);
  const chunks = timed(until(signal, stream, name));
  const first: Chunk[] = [];
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    first.push(next.value);
    if (!mayBecomeCassette(first)) break;
  }
  if (isCassette(concat(first.map(({ bytes }) => bytes)))) return played(name, await all(first, chunks));
  if (isOnDisk)
    return { name, kind: "file", zero: "command", chunks: chain(first, chunks, ({ bytes }) => ({ bytes })) };
  return { name, kind: "pipe", zero: "command", chunks: chain(first, chunks) };
}

/** The bytes alone. */
export async function* bytesOf(chunks: AsyncIterable<Chunk>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of chunks) yield bytes;
}

/** Looks at the first byte of a body that is neither white space nor of a byte order mark. @returns it, and all of the body */
export async function peeked(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ first: number | undefined; body: AsyncIterable<Uint8Array> }> {
  const read: Uint8Array[] = [];
  let first: number | undefined;
  while (first === undefined) {
    const { done, value } = await chunks.next();
    if (done) break;
    read.push(value);
    first = value.find((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d) && !BOM.includes(byte));
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* read;
    yield* chunks;
  }
  return { first, body: body() };
}

const BOM: readonly number[] = [0xef, 0xbb, 0xbf];

/** Whether more must come before it is known: what comes at the pace of a network waits for no more than that. */
function mayBecomeCassette(first: readonly Chunk[]): boolean {
  const start = new TextDecoder().decode(concat(first.map(({ bytes }) => bytes)), { stream: true });
  return start.length < MAGIC.length && MAGIC.startsWith(start);
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // closed
  }
}

/**
 * The cassette in these bytes.
 * @throws Refusal when it is none
 */
export function cassetteOf(name: string, bytes: Uint8Array): Cassette {
  try {
    return parseCassette(bytes);
  } catch (cause) {
    if (cause instanceof SluiceError) throw new Refusal(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** The body of a cassette, as fast as it can be read. */
function played(name: string, bytes: Uint8Array): Input {
  const { header, chunks, end } = cassetteOf(name, bytes);
  async function* body(): AsyncGenerator<Chunk> {
    yield* chunks;
    if (end?.how === "closed") return;
    if (end === undefined) throw new BrokenOff("the recording breaks off here");
    if (end.how === "cancelled") throw new BrokenOff("its reader stopped here");
    throw new BrokenOff(
      [end.name, end.message].filter((part) => part !== undefined).join(": ") || "the connection broke",
    );
  }
  const headers = new Headers(header.response?.headers);
  const zero = header.response?.at === undefined ? "recording" : "request";
  const input: Input = { name, kind: "cassette", chunks: body(), zero };
  if (header.response?.status !== undefined) input.status = header.response.status;
  input.contentType = headers.get("content-type") ?? "";
  return input;
}

/** The stream's chunks, up to the signal; the stream is then closed. */
async function* until(signal: AbortSignal, stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  const stop = (): void => {
    stream.destroy();
  };
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop);
  try {
    yield* stream;
  } catch (cause) {
    if (signal.aborted) return;
    throw new Refusal(`${name} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** With the time at which each chunk was read. */
async function* timed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Chunk> {
  const zero = performance.now();
  for await (const bytes of chunks) yield { bytes, at: performance.now() - zero };
}

async function* chain(
  first: readonly Chunk[],
  rest: AsyncIterable<Chunk>,
  change: (chunk: Chunk) => Chunk = (chunk) => chunk,
): AsyncGenerator<Chunk> {
  for (const chunk of first) yield change(chunk);
  for await (const chunk of rest) yield change(chunk);
}

async function all(first: readonly Chunk[], rest: AsyncIterable<Chunk>): Promise<Uint8Array> {
  const parts = first.map(({ bytes }) => bytes);
  for await (const { bytes } of rest) parts.push(bytes);
  return concat(parts);
}

/** @throws Refusal when there is no such file, or nothing to read in it */
export async function checkFile(file: string): Promise<Stats> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new Refusal(`there is no file ${file}`, { cause });
    throw new Refusal(`${file} cannot be read: ${cause.message}`, { cause });
  });
  if (found.isDirectory()) throw new Refusal(`${file} is a directory: name a file in it`);
  return found;
}
