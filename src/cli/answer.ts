import type { Command } from "commander";
import { chatIn, type Delta, type EndDelta, inlineThink } from "../chat/index.js";
import { flow } from "../flow.js";
import { addDialect, dialectsOf } from "./dialects.js";
import { type Exit, exitOf } from "./exit.js";
import { type Input, openInput } from "./input.js";
import { counted } from "./inspect/facts.js";
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
  let problems = 0;
  const read = chatIn(...dialectsOf(dialect));
  for await (const delta of read(bodyOf(input, known), { signal, think: think ? inlineThink : undefined })) {
    if (delta.type === "error") problems += 1;
    else if (delta.type === "finish" && delta.choice === 0) known.finish = delta.reason;
    if (!["error", "unknown", "end"].includes(delta.type)) known.isRecognised = true;
    const taken = take(delta);
    if (taken !== undefined) await taken;
    if (delta.type !== "end") continue;
    if (!signal.aborted) tell(delta, known, problems);
    return exitOf(delta.outcome);
  }
  return exitOf("aborted");
}

/** Says in one line what became of the answer, if there is something to say. */
function tell(end: EndDelta, known: Known, problems: number): void {
  const { why, advice, isStrange } = verdictOf(end, known);
  const outcome = end.outcome === "complete" ? "whole" : end.outcome;
  const others = end.outcome === "error" ? problems - 1 : problems; // one of them is the reason
  const what = others > 0 && end.cause !== undefined ? `; ${counted(others, "problem")} besides` : "";
  if (isStrange || what !== "") say(`${outcome}: ${why}${what}; look into it with sluice inspect`);
  else if (advice !== undefined) say(`${outcome}: ${why}; ${advice}`);
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
