import type { Delta, TextDelta } from "./delta.js";
import type { Framing } from "./framing/framing.js";

/** A frame of a body. */
export interface Frame {
  /** JSON, or text, as it came. */
  readonly value: unknown;
  /** The value, if it is an object; else an object without properties. */
  readonly object: Readonly<Record<string, unknown>>;
  /** The name that the framing gives it, such as an event's; else `""`. */
  readonly name: string;
  /** What the frame says it is: the object's `type`, else its name. */
  readonly type: string;
}

/**
 * A part of a tool call, as it came: what tells calls apart may be missing, arguments may be text or a value, and what says
 * what is called may stand in `function`.
 */
export interface ToolPart {
  index?: unknown;
  id?: unknown;
  name?: unknown;
  arguments?: unknown;
  function?: unknown;
}

/**
 * What a dialect says its frames mean. It may pass on what it found without looking: what is absent, empty or of the wrong
 * type says nothing.
 */
export interface Meaning {
  /** Who answers. Only the first that says something counts. */
  start: (id: unknown, model: unknown) => void;
  text: (text: unknown, choice?: number, type?: TextDelta["type"]) => void;
  signature: (data: unknown, choice?: number) => void;
  tool: (part: ToolPart, choice?: number) => void;
  /** A citation, or a list of them, except for what has been given before: some providers repeat them all in every frame. */
  citation: (data: unknown, choice?: number) => void;
  logprobs: (data: unknown, choice?: number) => void;
  /** Any provider's account of what was spent. */
  usage: (raw: unknown) => void;
  /** Why a choice stopped, in the provider's word. It does not end the answer: usage, errors and more can follow. */
  finish: (raw: unknown, choice?: number) => void;
  /** The provider says that it failed, in a place of the dialect's own. */
  fail: (error: unknown) => void;
  /** What has no delta of its own. */
  unknown: (raw: unknown) => void;
  /** The terminal event: the answer is whole and ends here. */
  done: () => void;
}

/** What reads the frames of one answer. `end` is called before the answer's end, to give what has been held back. */
export interface DialectReader {
  push: (frame: Frame) => void;
  end?: () => void;
}

/**
 * How a provider says things: which frames are its own, what deltas they mean, what proves the end. Errors in the usual
 * places are found before a dialect is asked.
 */
export interface Dialect {
  readonly name: string;
  /** The framings it comes in. */
  readonly framings: readonly Framing[];
  /** What proves, apart from a terminal event, that an answer is whole: `[DONE]`; a finish reason and then the body's end. */
  readonly proof: readonly ("sentinel" | "finish")[];
  /** Whether a frame is this dialect's. The first frame that somebody knows decides who reads the answer. */
  readonly knows: (frame: Frame) => boolean;
  /** Builds fresh state for one answer. */
  readonly read: (out: Meaning) => DialectReader;
}

/** What a writer of deltas hands on. */
export type Push = (delta: Delta) => void;
