import type { Bytes } from "../../bytes.js";
import type { ErrorDelta } from "../delta.js";

/** What a framing finds in a body. */
export interface Frames {
  /** A frame: its value, the name the framing gives it (an event's; else `""`), and the text it was read from. */
  push: (value: unknown, name: string, raw: string) => void;
  /** The text that says that no frame follows, such as `[DONE]`. */
  sentinel: () => void;
  /** The provider says that it failed, in the framing's own words. */
  fail: (error: Problem) => void;
  /** A part of the body cannot be read; `isCut` when it may be because the end cut it off: at the end, unless told otherwise. */
  broken: (error: Problem, isCut?: boolean) => void;
}

/** What an error delta says, as far as it is known. */
export type Problem = { [Key in keyof Omit<ErrorDelta, "type">]: ErrorDelta[Key] | undefined } & {
  message: string;
  raw: string;
};

/** Takes a body chunk by chunk: the text that each adds, and the chunk as it came. */
export interface Chunks {
  push: (text: string, chunk: Bytes | string) => void;
  end: () => void;
}

/** How frames are told apart in a body. */
export interface Framing {
  readonly name: string;
  /** The content types that announce it. */
  readonly type: RegExp;
  /** Whether a body can begin with this character, white space aside; `isAnnounced` when nothing else is to be expected. */
  readonly begins: (first: string, isAnnounced: boolean) => boolean;
  /**
   * Builds fresh state in front of `out`. `maxLength` bounds what waits for its end. White space and a byte order mark that
   * a body begins with are no part of its text.
   */
  readonly connect: (out: Frames, maxLength: number) => Chunks;
}
