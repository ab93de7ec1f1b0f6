import { SluiceError, type SluiceErrorCode } from "../errors.js";
import { checkChoice, checkFunction } from "../options.js";
import type { ServerSentEvent } from "../sse/event.js";
import { type Stage, stage } from "../stage.js";
import { takingControls } from "./controls.js";
import { describe } from "./describe.js";
import { parseWithBigInts } from "./integers.js";
import { checkReading, type ReadingOptions } from "./reading-options.js";
import { Recogniser } from "./recognise.js";
import { textOf } from "./text-of.js";

/** Options of `bufferParse`. */
export interface BufferParseOptions extends ReadingOptions {
  /**
   * Whether a frame's end means something, as it does after `splitSSE` and `splitLines`: a scalar ends there, and reading
   * starts afresh there after an error. `false` is for bare text, directly after `decode`: its cuts mean nothing.
   */
  framed?: boolean;
  /** `"throw"` ends the stream at the first error; a function gets each error, and reading goes on. */
  onError?: "throw" | ((error: SluiceError) => void);
  /** `"bigint"` keeps integers beyond 2^53 exact. */
  integers?: "number" | "bigint";
}

const BRACKET = /[[{]/g;

/**
 * Buffers text until a JSON value is whole and parses it: a frame may hold a whole value, a part of one, or several.
 * Values equal JSON.parse's. What is incomplete is waited for; what is malformed is an error at its first impossible
 * character, and the next frame starts clean.
 *
 * A fragment that the next frame makes impossible is `truncated`; frames inside it that are whole objects or arrays by
 * themselves are delivered after the report. A value that is incomplete at the end of the stream is `truncated` too.
 *
 * @throws SluiceError "malformed", "truncated", "too-long" or "too-deep", unless `onError` is a function
 * @throws TypeError when a frame is neither a string nor an event, or for `onError` as a function with `framed: false`
 * @see https://www.rfc-editor.org/rfc/rfc8259
 *
 * @example
 * ```ts
 * import { bufferParse, flow } from "sluice";
 *
 * const frames = ['{"a":1}{"b":', "2}", '{"c":', '{"d":4}'];
 * const values = flow(frames, bufferParse({ onError: (error) => console.log(error.code, error.offset, error.raw) }));
 * for await (const value of values) console.log(value);
 * // → { a: 1 }
 * // → { b: 2 }
 * // → truncated 26 {"c":{"d":4}
 * // → { d: 4 }
 * ```
 */
export function bufferParse<T = unknown>({
  framed = true,
  onError = "throw",
  integers = "number",
  ...options
}: BufferParseOptions = {}): Stage<string | ServerSentEvent, T> {
  checkChoice("framed", framed, [true, false]);
  if (onError !== "throw") {
    checkFunction('onError, unless it is "throw",', onError);
    if (!framed) throw new TypeError("onError cannot be a function with framed: false: after an error nothing goes on");
  }
  checkChoice("integers", integers, ["number", "bigint"]);
  const reading = checkReading(options);
  const { maxValueLength, maxDepth } = reading;

  // The type argument is the caller's word for what the values are.
  const parse: (text: string) => T = integers === "bigint" ? (text) => parseWithBigInts(text) as T : JSON.parse;

  const parseRecognised = takingControls(parse);

  return stage((out) => {
    const recogniser = new Recogniser(reading);
    let value = ""; // what earlier frames held of the value in progress
    let frames: string[] = []; // the same, frame by frame, where frames mean something
    let began = 0; // the offset of the value in progress
    let offset = 0; // of the frame

    function readFrame(text: string): void {
      const whole = value.length === 0 ? parseWhole(text) : undefined;
      if (whole === undefined) read(text);
      else out.push(whole);
    }

    /** The fast path: a frame that is one object or array and nothing else; undefined when the recogniser has to look. */
    function parseWhole(text: string): T | undefined {
      if (text.length > maxValueLength || !looksWhole(text) || mayNestDeeper(text, maxDepth)) return;
      try {
        return parse(text);
      } catch {
        return;
      }
    }

    /** Gives the values in `text`, which goes on from what is pending, up to its end or its first error. */
    function read(text: string): void {
      let start = 0; // where in `text` the value in progress begins or goes on
      let index = 0;
      while (true) {
        if (value.length === 0) {
          start = index = recogniser.skipBlank(text, index);
          if (index === text.length) return;
          began = offset + index;
          recogniser.reset();
        }
        index = recogniser.read(text, index);
        // What stands behind a scalar must not touch it.
        if (recogniser.stop === "whole" && !"]}".includes(text.charAt(index - 1))) index = recogniser.read(text, index);
        const { stop } = recogniser;
        if (value.length + index - start > maxValueLength) return refuse("too-long", text, start, index);
        if (stop === "malformed" || stop === "too-deep") return refuse(stop, text, start, index);
        if (stop === "more" && !(framed && recogniser.finish())) return wait(text.slice(start));
        give(value + text.slice(start, index));
        value = "";
      }
    }

    function wait(fragment: string): void {
      if (value.length === 0) frames = [];
      if (framed) frames.push(fragment);
      value += fragment;
    }

    /** Gives the value that has been recognised. */
    function give(text: string): void {
      out.push(parseRecognised(text));
    }

    /** Reports what is wrong at `index` with the value that begins, or goes on, at `start`. */
    function refuse(code: SluiceErrorCode, text: string, start: number, index: number): void {
      const at = code === "too-long" ? began : offset + index;
      if (!framed) {
        // Nothing may depend on where the chunk ends.
        const raw = value + text.slice(start, index + 1);
        report(code, code === "too-long" ? raw.slice(0, maxValueLength + 1) : raw, at);
      } else if (value.length === 0) {
        report(code, text.slice(start), at);
      } else if (code === "malformed") {
        breakOff("truncated", offset);
        readFrame(text); // afresh
      } else {
        wait(text); // past a limit it is still the same value: a scalar in it is no value of its own
        breakOff(code, at);
      }
    }

    /** Reports the fragment that will not become whole, and gives the frames in it that are whole by themselves. */
    function breakOff(code: SluiceErrorCode, at: number): void {
      const raw = value;
      value = "";
      report(code, raw, at);
      for (const frame of frames.slice(1)) {
        recogniser.reset();
        const start = recogniser.skipBlank(frame, 0);
        const end = recogniser.read(frame, start);
        const text = frame.slice(start, end);
        const isAlone = recogniser.stop === "whole" && recogniser.skipBlank(frame, end) === frame.length;
        if (isAlone && looksWhole(text) && text.length <= maxValueLength) give(text);
      }
    }

    function report(code: SluiceErrorCode, raw: string, offset: number): void {
      const message = describe(code, raw, began, offset, reading);
      const error = new SluiceError(code, message, { raw, offset });
      if (onError === "throw") throw error;
      onError(error);
    }

    return {
      push(frame) {
        const text = textOf("bufferParse", frame);
        readFrame(text);
        offset += text.length;
      },
      end() {
        if (value.length > 0 && recogniser.finish()) give(value);
        else if (value.length > 0) breakOff("truncated", offset);
        out.end();
      },
    };
  });
}

/** Whether a text begins and ends like one object or array, so that it is worth a native JSON.parse. */
function looksWhole(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first === 0x7b || first === 0x5b) && text.charCodeAt(text.length - 1) === first + 2; // { } or [ ]
}

/** Whether a text may nest deeper than the limit, having more brackets. A short one can't, and is not looked at. */
function mayNestDeeper(text: string, limit: number): boolean {
  if (text.length < 2 * limit) return false;
  BRACKET.lastIndex = 0;
  let brackets = 0;
  while (brackets <= limit && BRACKET.test(text)) brackets++;
  return brackets > limit;
}
