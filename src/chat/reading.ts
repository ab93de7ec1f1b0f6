import type { Bytes } from "../bytes.js";
import { SluiceError } from "../errors.js";
import { checkLimit, DEFAULT_MAX_LENGTH } from "../options.js";
import type { Delta, EndDelta, ErrorDelta } from "./delta.js";
import type { Dialect, DialectReader, Frame, Meaning, Push } from "./dialect.js";
import { decoding } from "./framing/decode.js";
import type { Chunks, Frames, Framing, Problem } from "./framing/framing.js";
import { end, type Outcome, type Via } from "./outcome.js";
import { isFailure, problemOf, problemOfBody } from "./problem.js";
import { isText, objectOf } from "./values.js";
import { type WriterOptions, writer } from "./writer.js";

/** What is asked of reading, apart from time. */
export interface ReadOptions extends WriterOptions {
  /** The dialect; recognised by content type and first frame unless told otherwise. */
  dialect?: Dialect;
  /** The most characters a frame may have; 32 Mi unless told otherwise. */
  maxLength?: number;
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
  /** What an HTTP response says of its body: before its first chunk. */
  expect: (contentType: string, status: number) => void;
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
/** Short enough to be shown whole in a line of the command. */
const STRANGE = "The body is of no known dialect: was it asked to stream?";

/** Begins to read a body, whose deltas `push` gets. */
export function readAnswer(all: readonly Dialect[], options: ReadOptions, push: Push): Reading {
  const { dialect: theirs, maxLength = DEFAULT_MAX_LENGTH } = options;
  const dialects = theirs === undefined ? all : [theirs];
  const decode = decoding();
  checkLimit("maxLength", maxLength);
  let contentType = "";
  let errorStatus: number | undefined; // the HTTP status, when it says that there is no answer
  let framing: Framing | undefined;
  let body: Chunks | undefined; // once something but white space has come, or it is known to be no stream
  let dialect: Dialect | undefined;
  let reader: DialectReader | undefined;
  let raw = ""; // of the frame that is being read
  let via: Via | undefined; // the sentinel or terminal event that came
  let error: ErrorDelta | undefined; // the first: of the provider, or of a part that cannot be read
  let isFailed = false; // the provider says so, or there is no answer at all: it outweighs everything but the caller
  let isStrange = false; // values came that are no stream of anything known
  let isCut = false; // the body's end cut something off
  let isEnding = false;
  let isClosing = false;

  const reading: Reading = {
    isOver: false,
    isProved: false,
    expect(type, status) {
      contentType = type;
      if (status >= 400) errorStatus = status;
      if (errorStatus || /^text\/html/i.test(type)) body = noStream();
    },
    push: (chunk) => attempt(() => read(chunk)),
    end() {
      isEnding = true;
      attempt(() => {
        read(""); // a character that the end cut off
        body?.end();
      });
      close();
    },
    fail: (cause) => close(cause ?? new Error("The connection broke")),
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
      if (dialect?.proof.includes("sentinel") === false) return;
      if (dialect !== undefined) via ??= "sentinel";
      prove();
    },
    fail,
    broken,
  };

  const out = writer(give, options, (reason) => {
    if (!isFailed) fail({ message: `The provider stopped with ${reason}`, raw: reason });
  });
  const meaning: Meaning = {
    ...out,
    fail: (cause) => fail({ message: raw, raw, cause }),
    done() {
      via ??= "terminal-event";
    },
  };

  function give(delta: Delta): void {
    if (!reading.isOver) push(delta);
  }

  /** The provider failed, or there is no answer. */
  function fail(problem: Problem): void {
    isFailed = true;
    complain(problemOf(problem));
  }

  /** A part of the body cannot be read; `cut` when it may be because the end cut it off. */
  function broken(problem: Problem, cut?: boolean): void {
    isStrange ||= cut === false || isJSON();
    isCut ||= cut ?? isEnding;
    complain(problem);
  }

  function complain({ message, raw, code, status, offset, cause }: Problem): void {
    const known = Object.entries({ code, status, offset, cause }).filter(([, value]) => value !== undefined);
    const delta: ErrorDelta = { type: "error", message, raw, ...Object.fromEntries(known) };
    error ??= delta;
    give(delta);
  }

  /**
   * What is thrown ends the answer: a limit was passed, a chunk is none, or what the caller brought fails. Over a frame, whose
   * text is `raw`, it costs that frame and no more, which the body's end cannot have cut off: it was read.
   */
  function attempt(work: () => void, what = "The body", raw?: string): void {
    if (reading.isOver) return;
    try {
      work();
    } catch (cause) {
      const problem = { message: `${what} cannot be read: ${cause}`, raw: raw ?? "", cause };
      if (raw !== undefined) return complain(problem);
      isFailed = true;
      complain(cause instanceof SluiceError ? cause : problem);
      close();
    }
  }

  /** White space in front of a body says nothing, and is not kept. */
  function read(chunk: Bytes | string): void {
    const text = decode(chunk);
    const rest = body === undefined ? text.trimStart() : text;
    if (rest === "" && (chunk === "" || body === undefined)) return;
    body ??= recognise(rest.charAt(0));
    body.push(rest, chunk);
  }

  /** Chooses the framing by the first character, among those of the content type first. */
  function recognise(first: string): Chunks {
    const possible = dialects.flatMap((each) => each.framings).filter((each) => each.begins(first, true));
    framing =
      possible.find((each) => each.type.test(contentType)) ??
      possible.find((each) => each.begins(first, false)) ??
      possible[0];
    return framing?.connect(frames, maxLength) ?? noStream();
  }

  function readFrame(value: unknown, name: string, text: string): void {
    if (reading.isOver) return;
    raw = text;
    const object = objectOf(value);
    const frame: Frame = { value, object, name, type: isText(object["type"]) ? object["type"] : name };
    const hasFailed = isFailure(frame);
    if (hasFailed) meaning.fail(value);
    const known = dialect ?? dialects.find((each) => each.knows(frame));
    dialect = known;
    if (known?.knows(frame)) {
      // What a dialect throws, over a shape that it did not expect, costs that frame and no more.
      attempt(
        () => {
          reader ??= known.read(meaning);
          reader.push(frame);
        },
        `What ${known.name} says`,
        raw,
      );
    } else if (!hasFailed) {
      isStrange ||= isJSON();
      out.unknown(value);
    }
    if (via !== undefined) prove();
  }

  /** Whether the body is JSON rather than events: then what nobody knows is no stream. */
  function isJSON(): boolean {
    return framing?.type.test("application/json") === true;
  }

  /** Collects what may be a page or an error in JSON, and says it at the end. */
  function noStream(): Chunks {
    let text = "";
    const say = (): void => fail(problemOfBody(text, errorStatus));
    return {
      push(part) {
        text = (text + part).slice(0, BODY_LENGTH);
        if (text.length < BODY_LENGTH) return;
        say();
        close();
      },
      end: say,
    };
  }

  function prove(): void {
    reading.isProved = true;
    close();
  }

  function close(cause?: unknown): void {
    if (reading.isOver || isClosing) return;
    isClosing = true; // what is thrown from here on closes it too
    attempt(() => reader?.end?.(), `What ${dialect?.name} held back`);
    attempt(out.flush, "What think held back");
    if (dialect === undefined && !isCut && cause === undefined && isStrange) {
      if (error === undefined) fail({ message: STRANGE, raw });
      isFailed = true; // nothing in it is a stream of anything known
    }
    if (errorStatus !== undefined && error === undefined) fail(problemOfBody("", errorStatus));
    reading.isOver = true;
    push(verdict(cause));
  }

  /** The verdict when the body is over, or has proved itself whole. */
  function verdict(cause: unknown): EndDelta {
    const isFinished = dialect?.proof.includes("finish") && out.isFinished() && !isCut && cause === undefined;
    via ??= isFinished ? "finish" : undefined;
    if (isFailed || (via !== undefined && error !== undefined)) return end("error", error);
    if (via !== undefined) return { type: "end", outcome: "complete", via };
    return end("truncated", cause ?? (isCut ? error : undefined));
  }

  return reading;
}
