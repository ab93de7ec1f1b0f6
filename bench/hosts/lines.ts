import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Another process that answers questions. */
export interface Peer<Question, Answer> {
  readonly process: ChildProcess;
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * Starts a module that calls `serve`. Questions and answers are JSON, a line each: every runtime can do that, and what
 * the process writes to standard error is seen.
 */
export function start<Question, Answer extends { error?: string }>(
  command: string,
  runtimeArguments: readonly string[],
  module: URL,
  ...moduleArguments: string[]
): Peer<Question, Answer | { error: string }> {
  const child = spawn(command, [...runtimeArguments, fileURLToPath(module), ...moduleArguments], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined); // a dead process is noticed at its missing answer
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    process: child,
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await lines.next();
      if (line.done) return { error: "its process ended before it answered" };
      const answer: Answer = JSON.parse(line.value);

      return answer;
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** The other side: answers one question after the other until there are no more. */
export async function serve<Question, Answer>(answer: (question: Question) => Promise<Answer>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const question: Question = JSON.parse(line);
    process.stdout.write(`${JSON.stringify(await answer(question))}\n`);
  }
}
