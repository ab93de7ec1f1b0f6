import { type Bytes, isBytes } from "../bytes.js";
import { excerpt, kindOf, SluiceError } from "../errors.js";
import type { Sink, Stage } from "../stage.js";
import type { Dialect, DialectReader, Frame, Push } from "./dialect.js";
import type { Frames, Framing, Problem } from "./framing/framing.js";
import { textOf } from "./framing/text.js";
import { Evidence, end, type Outcome } from "./outcome.js";
import { isFailure, problemOf, problemOfBody } from "./problem.js";
import { Writer } from "./writer.js";

/** What a body is read as. */
export interface ReadingOptions {
  dialects: readonly Dialect[];
  /** What the body is said to be, as in its `content-type`. */
  contentType?: string | undefined;
  /** The HTTP status, when it says that there is no answer. */
  errorStatus?: number | undefined;
  think: boolean;
  snapshots: (() => Stage<string, unknown>) | undefined;
  maxLength: number;
}

/** How much is kept of a body that is no stream. */
const BODY_LENGTH = 16 * 1024;

/**
 * An answer's heart: chunks of a body in, deltas out, the last of them `end`. It recognises framing and dialect, never
 * throws, and knows no time.
 */
export class Reading {
  /** Whether `end` has been given. */
  isOver = false;
  /** Whether the answer has proved itself whole before the body's end. */
  isProved = false;
  readonly #push: Push;
  readonly #options: ReadingOptions;
  readonly #evidence = new Evidence();
  readonly #writer: Writer;
  #waiting: (Bytes | string)[] = []; // white space in front of what tells the framing
  #framing: Framing | undefined;
  #body: Sink<Bytes | string> | undefined;
  #dialect: Dialect | undefined;
  #reader: DialectReader | undefined;
  #isStrange = false; // values came that are no stream of anything known
  #isEnding = false;

  constructor(push: Push, options: ReadingOptions) {
    this.#push = push;
    this.#options = options;
    this.#writer = new Writer(push, this.#evidence, options);
    if (options.errorStatus !== undefined || /^text\/html/i.test(options.contentType ?? ""))
      this.#body = this.#noStream();
  }

  push(chunk: Bytes | string): void {
    this.#try(() => {
      this.#body ??= this.#recognise(chunk);
      this.#body?.push(chunk);
    });
  }

  /** The body is over: now it shows whether the answer was whole. */
  end(): void {
    this.#isEnding = true;
    this.#try(() => this.#body?.end());
    this.#close();
  }

  /** The connection broke, or there never was one. */
  fail(cause: unknown): void {
    this.#isEnding = true;
    this.#close(cause);
  }

  /** Somebody else ends the answer: the caller, or a deadline. */
  stop(outcome: Outcome, cause: unknown): void {
    if (this.isOver) return;
    if (outcome === "stalled" && this.#options.errorStatus !== undefined) return this.end(); // the status says enough
    this.isOver = true;
    this.#push(end(outcome, cause));
  }

  #try(work: () => void): void {
    if (this.isOver) return;
    try {
      work();
    } catch (error) {
      // A limit was passed, or a chunk is none: what follows cannot be read.
      this.#broken(
        error instanceof SluiceError ? error : { message: `The body cannot be read: ${error}`, raw: "", cause: error },
      );
      this.#evidence.isFailed = true;
      this.#close();
    }
  }

  /** Chooses the framing by the first byte that is not white space, among those of the content type first. */
  #recognise(chunk: Bytes | string): Sink<Bytes | string> | undefined {
    if (typeof chunk !== "string" && !isBytes(chunk)) {
      throw new TypeError(`A body's chunks must be bytes or strings; got ${kindOf(chunk)}`);
    }
    const first = firstByte(chunk);
    if (first === undefined) {
      this.#waiting.push(chunk);
      return;
    }
    const { dialects, contentType = "", maxLength } = this.#options;
    const framings = [...new Set(dialects.flatMap((dialect) => dialect.framings))];
    this.#framing =
      framings.find(({ type, begins }) => type.test(contentType) && begins(first, true)) ??
      framings.find(({ begins }) => begins(first, false)) ??
      framings.find(({ begins }) => begins(first, true));
    const body = this.#framing?.connect(this.#frames(), maxLength) ?? this.#noStream();
    for (const blank of this.#waiting) body.push(blank);
    return body;
  }

  #frames(): Frames {
    return {
      push: (value, name, raw) => {
        for (const each of Array.isArray(value) && name === "" ? value : [value])
          this.#read({ value: each, name }, raw);
      },
      sentinel: () => {
        if (this.isOver || this.#dialect?.proof.includes("sentinel") === false) return;
        if (this.#dialect !== undefined) this.#evidence.prove("sentinel");
        this.isProved = true;
        this.#close();
      },
      fail: (problem) => {
        if (this.isOver) return;
        this.#evidence.isFailed = true;
        this.#writer.problem(detailed(problem));
      },
      broken: (problem, isCut) => {
        this.#isStrange ||= isCut === false || this.#isJSON();
        this.#broken(problem, isCut);
      },
    };
  }

  #read(frame: Frame, raw: string): void {
    if (this.isOver) return;
    this.#writer.raw = raw;
    const hasFailed = isFailure(frame);
    if (hasFailed) this.#writer.fail(frame.value);
    if (this.#reader === undefined) {
      this.#dialect = this.#options.dialects.find((dialect) => dialect.knows(frame));
      this.#reader = this.#dialect?.read(this.#writer);
    }
    if (this.#dialect?.knows(frame)) this.#readKnown(frame, raw);
    else if (!hasFailed) {
      this.#isStrange ||= this.#isJSON();
      this.#writer.unknown(frame.value);
    }
    if (!this.#writer.isDone) return;
    this.isProved = true;
    this.#close();
  }

  /** What a dialect throws, over a shape that it did not expect, costs that frame and no more. */
  #readKnown(frame: Frame, raw: string): void {
    try {
      this.#reader?.push(frame);
    } catch (cause) {
      this.#broken({ message: `A frame of ${this.#dialect?.name} cannot be read: ${excerpt(raw)}`, raw, cause });
    }
  }

  #broken(problem: Problem, isCut = this.#isEnding): void {
    if (this.isOver) return;
    if (isCut) this.#evidence.isCut = true;
    this.#writer.problem(problem);
  }

  /** Collects what may be a page or an error in JSON, and says it at the end. */
  #noStream(): Sink<Bytes | string> {
    let text = "";
    const say = (): void => {
      this.#evidence.isFailed = true;
      this.#writer.problem(problemOfBody(text, this.#options.errorStatus));
    };
    return textOf({
      push: (part) => {
        text += part;
        if (text.length < BODY_LENGTH) return;
        say();
        this.#close();
      },
      end: say,
    });
  }

  #close(cause?: unknown): void {
    if (this.isOver) return;
    try {
      this.#reader?.end?.();
    } catch (error) {
      this.#broken({ message: `The end cannot be read: ${error}`, raw: "", cause: error });
    }
    this.#writer.end();
    const evidence = this.#evidence;
    if (this.#dialect === undefined && !evidence.isCut && cause === undefined) {
      if (this.#isStrange && evidence.error === undefined) this.#notAStream();
      evidence.isFailed ||= this.#isStrange; // nothing in it is a stream of anything known
    }
    if (this.#options.errorStatus !== undefined && evidence.error === undefined) {
      this.#writer.problem(problemOfBody("", this.#options.errorStatus));
      evidence.isFailed = true;
    }
    this.isOver = true;
    this.#push(evidence.verdict(this.#dialect?.proof.includes("finish") === true, cause));
  }

  /** Whether the body is JSON rather than events: then what nobody knows is no stream. */
  #isJSON(): boolean {
    return this.#framing?.type.test("application/json") === true;
  }

  #notAStream(): void {
    const message = "The body is JSON, but no stream of a known dialect: was it asked to stream?";
    this.#writer.problem({ message, raw: this.#writer.raw.slice(0, 2000) });
  }
}

/** The framing's problem with what the provider's error in it says. */
function detailed(problem: Problem): Problem {
  if (problem.cause === undefined) return problem;
  const said = problemOf(problem.cause, problem.raw);
  const message = said.message === problem.raw ? problem.message : said.message;
  return { ...said, message, code: problem.code ?? said.code };
}

/** The first byte of a chunk that is neither white space nor of a byte order mark; of text, its code. */
function firstByte(chunk: Bytes | string): number | undefined {
  if (typeof chunk === "string") return /[^\s\ufeff]/.exec(chunk)?.[0]?.charCodeAt(0);
  const bytes = ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);
  return bytes.find((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d) && !BOM.includes(byte));
}

const BOM: readonly number[] = [0xef, 0xbb, 0xbf];
