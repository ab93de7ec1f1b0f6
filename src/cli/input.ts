import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { EXIT, Refusal } from "./exit.js";

/** What a command reads: the chunks of a body as they came. */
export interface Input {
  /** What it is called in messages and reports. */
  name: string;
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens what the user named, standard input unless it is a file. When `signal` aborts, the chunks end.
 *
 * @throws Refusal when there is nothing to read there
 */
export async function openInput(file: string | undefined, signal: AbortSignal): Promise<Input> {
  if (file === undefined || file === "-") {
    if (process.stdin.isTTY) {
      throw new Refusal("nothing to read: pipe a body in (curl -N … | sluice …) or name a file", { exit: EXIT.usage });
    }
    return { name: "standard input", chunks: until(signal, process.stdin) };
  }
  await checkFile(file);
  return { name: file, chunks: until(signal, createReadStream(file)) };
}

/** The stream's chunks, up to the signal; the stream is then closed. */
async function* until(
  signal: AbortSignal,
  stream: NodeJS.ReadableStream & AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const stop = (): void => {
    if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
  };
  if (signal.aborted) return;
  signal.addEventListener("abort", stop);
  try {
    yield* stream;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

async function checkFile(file: string): Promise<void> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw new Refusal(`there is no file ${file}`, { cause });
    throw new Refusal(`${file} cannot be read: ${cause.message}`, { cause });
  });
  if (found.isDirectory()) throw new Refusal(`${file} is a directory: name a file in it`);
}
