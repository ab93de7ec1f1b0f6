import type { Command } from "commander";
import { chatIn, type Delta } from "../chat/index.js";
import { flow } from "../flow.js";
import { addDialect, dialectsOf } from "./dialects.js";
import { type Exit, exitOf } from "./exit.js";
import { type Input, openInput } from "./input.js";
import { say } from "./say.js";
import { type Known, verdictOf } from "./verdict.js";

/** Options of every command that reads an answer. */
export interface AnswerOptions {
  dialect?: string;
  think?: boolean;
}

/** Adds what every command that reads an answer takes. */
export function addAnswer(command: Command): Command {
  return addDialect(command.argument("[file]", "a body or a cassette; standard input unless named")).option(
    "--think",
    "give an inline <think>…</think> as reasoning",
  );
}

/**
 * Reads an answer to its end, delta by delta, and says on stderr, in one line, if it was not whole.
 *
 * @param take gets each delta; while what it returns is pending, nothing is read
 */
export async function readAnswer(
  file: string | undefined,
  { dialect, think = false }: AnswerOptions,
  signal: AbortSignal,
  take: (delta: Delta) => Promise<void> | undefined,
): Promise<Exit> {
  const input = await openInput(file, signal);
  const known: Known = { bytes: 0, isRecognised: false, finish: undefined };
  for await (const delta of chatIn(...dialectsOf(dialect))(bodyOf(input, known), { signal, think })) {
    if (delta.type === "finish" && delta.choice === 0) known.finish = delta.reason;
    if (delta.type !== "unknown" && delta.type !== "error") known.isRecognised ||= delta.type !== "end";
    const taken = take(delta);
    if (taken !== undefined) await taken;
    if (delta.type !== "end") continue;
    if (signal.aborted) return exitOf("aborted");
    const { why, advice } = verdictOf(delta, known);
    const outcome = delta.outcome === "complete" ? "whole" : delta.outcome;
    if (advice !== undefined) say(`${outcome}: ${why}; ${advice}`);
    return exitOf(delta.outcome);
  }
  return exitOf("aborted");
}

/** The body as `chat` reads it: a Response where status and content type are known. */
function bodyOf({ chunks, status, contentType }: Input, known: Known): AsyncIterable<Uint8Array> | Response {
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const { bytes } of chunks) {
      known.bytes += bytes.length;
      yield bytes;
    }
  }
  if (contentType === undefined || (status !== undefined && (status < 200 || [204, 205, 304].includes(status)))) {
    return body();
  }
  return new Response(flow(body()).readable as ReadableStream<Uint8Array<ArrayBuffer>>, {
    status: status ?? 200,
    headers: { "content-type": contentType },
  });
}
