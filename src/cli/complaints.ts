import { SluiceError } from "../errors.js";
import { EXIT, type Exit } from "./exit.js";
import { BrokenOff } from "./input.js";
import { say } from "./say.js";

/** How many are told one by one: rubbish would fill every terminal. */
const MAX_TOLD = 10;

/** What could not be read while reading went on: told on stderr as it happens, counted for the exit code. */
export class Complaints {
  readonly #signal: AbortSignal;
  #count = 0;
  #isTruncated = true; // all of them are

  /** @param signal when it is aborted, the input ends where it does because of us: that is no complaint */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add({ code, message }: Pick<SluiceError, "code" | "message">): void {
    if (this.#signal.aborted) return;
    this.#count += 1;
    if (code !== "truncated") this.#isTruncated = false;
    if (this.#count <= MAX_TOLD) say(`${code}: ${message}`);
  }

  /**
   * Takes what ended the reading: a limit that was passed, or a body that broke off.
   * @throws what is neither, as it is
   */
  addLast(error: unknown): void {
    if (error instanceof SluiceError) this.add(error);
    else if (error instanceof BrokenOff) this.add({ code: "truncated", message: error.message });
    else throw error;
  }

  /** Says how many were not told. @returns how the command ends */
  end(): Exit {
    const left = this.#count - MAX_TOLD;
    if (left > 0) say(`and ${left.toLocaleString("en")} more like these`);
    if (this.#count === 0) return EXIT.whole;
    return this.#isTruncated ? EXIT.truncated : EXIT.error;
  }
}

/** The error of a body that was to be an event stream, in which there is none. @param line the first that no event stream has */
export function noEvents(line: string): SluiceError {
  const start = line.slice(0, 60);
  const hint = /^\s*[[{]/.test(line) ? "; it looks like JSON: try sluice json" : "";
  const message = `there is no event in it; its first line is ${JSON.stringify(start)}${hint}`;
  return new SluiceError("malformed", message, { raw: line, offset: 0 });
}
