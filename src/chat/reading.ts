import { type Bytes, isBytes } from "../bytes.js";
import { excerpt, kindOf, SluiceError } from "../errors.js";
import type { Sink } from "../stage.js";
import type { Dialect, DialectReader, Frame, Push } from "./dialect.js";
import type { Frames, Framing, Problem } from "./framing/framing.js";
import { bytesOf, textOf } from "./framing/text.js";
import { end, type Outcome } from "./outcome.js";
import { detailed, isFailure, problemOfBody } from "./problem.js";
import { isText, objectOf } from "./values.js";
import { type WriterOptions, writer } from "./writer.js";

/** What a body is read as. */
export interface ReadingOptions extends WriterOptions {
  dialects: readonly Dialect[];
  /** What the body is said to be, as in its `content-type`. */
  contentType?: string | undefined;
  /** The HTTP status, when it says that there is no answer. */
  errorStatus?: number | undefined;
  maxLength: number;
}

/**
 * An answer's heart: chunks of a body in, deltas out, the last of them `end`. It recognises framing and dialect, never
 * throws, and knows no time.
 */
export interface Reading {
  /** Whether `end` has been given. */
  isOver: boolean;
  /** Whether the answer has proved itself whole before the body's end. */
  isProved: boolean;
  push: (chunk: Bytes | string) => void;
  /** The body is over: now it shows whether the answer was whole. */
  end: () => void;
  /** The connection broke, or there never was one. */
  fail: (cause: unknown) => void;
  /** Somebody else ends the answer: the caller, or a deadline. */
  stop: (outcome: Outcome, cause: unknown) => void;
}

/** How much is kept of a body that is no stream. */
const BODY_LENGTH = 16 * 1024;

/** Begins to read a body, whose deltas `push` gets. */
export function readAnswer(push: Push, options: ReadingOptions): Reading {
  const { dialects, contentType = "", errorStatus, maxLength } = options;
  const out = writer(push, options);
  const waiting: (Bytes | string)[] = []; // white space in front of what tells the framing
  let framing: Framing | undefined;
  let body: Sink<Bytes | string> | undefined;
  let dialect: Dialect | undefined;
  let reader: DialectReader | undefined;
  let isStrange = false; // values came that are no stream of anything known
  let isEnding = false;

  const reading: Reading = {
    isOver: false,
    isProved: false,
    push: (chunk) =>
      attempt(() => {
        body ??= recognise(chunk);
        body?.push(chunk);
      }),
    end() {
      isEnding = true;
      attempt(() => body?.end());
      close();
    },
    fail(cause) {
      isEnding = true;
      close(cause ?? new Error("The connection broke"));
    },
    stop(outcome, cause) {
      if (reading.isOver) return;
      if (outcome === "stalled" && errorStatus !== undefined) return reading.end(); // the status says enough
      reading.isOver = true;
      push(end(outcome, cause));
    },
  };

  const frames: Frames = {
    push(value, name, raw) {
      if (Array.isArray(value) && name === "") for (const each of value) readFrame(each, name, raw);
      else readFrame(value, name, raw);
    },
    sentinel() {
      if (reading.isOver || dialect?.proof.includes("sentinel") === false) return;
      if (dialect !== undefined) out.via ??= "sentinel";
      prove();
    },
    fail(problem) {
      if (!reading.isOver) out.problem(detailed(problem), true);
    },
    broken(problem, isCut) {
      isStrange ||= isCut === false || isJSON();
      broken(problem, isCut);
    },
  };

  function attempt(work: () => void): void {
    if (reading.isOver) return;
    try {
      work();
    } catch (error) {
      // A limit was passed, or a chunk is none: what follows cannot be read.
      broken(error instanceof SluiceError ? error : unreadable("The body", error));
      out.isFailed = true;
      close();
    }
  }

  /** Chooses the framing by the first byte that is not white space, among those of the content type first. */
  function recognise(chunk: Bytes | string): Sink<Bytes | string> | undefined {
    const first = firstByte(chunk);
    if (first === undefined) {
      waiting.push(chunk);
      return;
    }
    const framings = dialects.flatMap((each) => each.framings);
    framing =
      framings.find(({ type, begins }) => type.test(contentType) && begins(first, true)) ??
      framings.find(({ begins }) => begins(first, false)) ??
      framings.find(({ begins }) => begins(first, true));
    const sink = framing?.connect(frames, maxLength) ?? noStream();
    for (const blank of waiting) sink.push(blank);
    return sink;
  }

  function readFrame(value: unknown, name: string, raw: string): void {
    if (reading.isOver) return;
    out.raw = raw;
    const object = objectOf(value);
    const frame: Frame = { value, object, name, type: isText(object["type"]) ? object["type"] : name };
    const hasFailed = isFailure(frame);
    if (hasFailed) out.fail(value);
    dialect ??= dialects.find((each) => each.knows(frame));
    if (dialect?.knows(frame)) readKnown(dialect, frame, raw);
    else if (!hasFailed) {
      isStrange ||= isJSON();
      out.unknown(value);
    }
    if (out.via !== undefined) prove();
  }

  /** What a dialect throws, over a shape that it did not expect, costs that frame and no more. */
  function readKnown({ name, read }: Dialect, frame: Frame, raw: string): void {
    try {
      reader ??= read(out);
      reader.push(frame);
    } catch (cause) {
      broken({ message: `A frame of ${name} cannot be read: ${excerpt(raw)}`, raw, cause });
    }
  }

  function broken(problem: Problem, isCut = isEnding): void {
    if (reading.isOver) return;
    out.isCut ||= isCut;
    out.problem(problem);
  }

  /** Collects what may be a page or an error in JSON, and says it at the end. */
  function noStream(): Sink<Bytes | string> {
    let text = "";
    const say = (): void => out.problem(problemOfBody(text, errorStatus), true);
    return textOf({
      push(part) {
        text += part;
        if (text.length < BODY_LENGTH) return;
        say();
        close();
      },
      end: say,
    });
  }

  function prove(): void {
    reading.isProved = true;
    close();
  }

  function close(cause?: unknown): void {
    if (reading.isOver) return;
    try {
      reader?.end?.();
    } catch (error) {
      broken(unreadable("The end", error));
    }
    out.flush();
    if (dialect === undefined && !out.isCut && cause === undefined && isStrange) {
      const message = "The body is JSON, but no stream of a known dialect: was it asked to stream?";
      if (out.error === undefined) out.problem({ message, raw: out.raw.slice(0, 2000) });
      out.isFailed = true; // nothing in it is a stream of anything known
    }
    if (errorStatus !== undefined && out.error === undefined) out.problem(problemOfBody("", errorStatus), true);
    reading.isOver = true;
    push(out.verdict(dialect?.proof.includes("finish") === true, cause));
  }

  /** Whether the body is JSON rather than events: then what nobody knows is no stream. */
  function isJSON(): boolean {
    return framing?.type.test("application/json") === true;
  }

  if (errorStatus !== undefined || /^text\/html/i.test(contentType)) body = noStream();
  return reading;
}

function unreadable(what: string, cause: unknown): Problem {
  return { message: `${what} cannot be read: ${cause}`, raw: "", cause };
}

/** White space, and the bytes of a byte order mark. */
const BLANK: readonly number[] = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xef, 0xbb, 0xbf];

/** The first byte of a chunk that is neither white space nor of a byte order mark. */
function firstByte(chunk: Bytes | string): number | undefined {
  if (typeof chunk !== "string" && !isBytes(chunk)) {
    throw new TypeError(`A body's chunks must be bytes or strings; got ${kindOf(chunk)}`);
  }
  const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : bytesOf(chunk);
  return bytes.find((byte) => !BLANK.includes(byte));
}
