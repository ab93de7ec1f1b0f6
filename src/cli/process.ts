import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "./command.js";
import { EXIT, type Exit, Refusal } from "./exit.js";
import { isClosedPipe } from "./output.js";
import { say } from "./say.js";

/** How long a command that was stopped may take to end by itself, in milliseconds. */
const GRACE = 2000;

/** Why a command was stopped: it ends with that code, whatever it says itself. */
class Stop extends Error {
  readonly exit: Exit;

  constructor(message: string, exit: Exit) {
    super(message);
    this.exit = exit;
  }
}

/** Does a command's work, and ends the process when it is done or has been stopped. */
export const run: Run = async (work) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = (reason: Stop): void => {
    if (signal.aborted) process.exit(reason.exit); // asked twice
    stopping.abort(reason);
  };
  process.on("SIGINT", () => stop(new Stop("Interrupted", EXIT.interrupted)));
  process.on("SIGTERM", () => stop(new Stop("Terminated", EXIT.terminated)));
  process.stdout.on("error", (error) => {
    if (!isClosedPipe(error)) {
      say(`standard output cannot be written: ${error.message}`);
      return stop(new Stop(error.message, EXIT.failed));
    }
    if (!signal.aborted) stopping.abort(new Stop("The reader of the output has gone", EXIT.readerGone));
  });
  process.stderr.on("error", () => undefined); // nobody listens; what is said there is said to nobody

  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => void sleep(GRACE, undefined, { ref: false }).then(resolve));
  });
  let exit: Exit;
  try {
    exit = (await Promise.race([work({ signal }), stopped])) ?? EXIT.failed;
  } catch (error) {
    exit = error instanceof Refusal ? error.exit : EXIT.failed;
    if (!signal.aborted) say(error instanceof Error ? error.message : String(error));
  }
  if (signal.reason instanceof Stop) ({ exit } = signal.reason);
  process.exit(exit);
};
