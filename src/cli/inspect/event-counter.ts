import { SluiceError } from "../../errors.js";
import { splitSSE } from "../../sse/split.js";
import type { Sink } from "../../stage.js";
import { decode } from "../../text/decode.js";
import type { EventCounts } from "./report.js";

/** How many names of events are told apart: a hostile body could have any number. */
const MAX_NAMES = 100;

const BLANK = /^\s*$/;
const CONTROLS = /^[\s\p{Cc}]*$/u;

/** Counts the events of an event stream by what they hold. */
export class EventCounter {
  readonly counts: EventCounts = {
    total: 0,
    full: 0,
    empty: 0,
    blank: 0,
    controlOnly: 0,
    sentinels: 0,
    comments: 0,
    retries: 0,
    otherLines: 0,
    names: {},
  };
  readonly #bytes: Sink<Uint8Array>;
  readonly #names = new Map<string, number>();
  #isOver = false;

  constructor() {
    const { counts } = this;
    const names = this.#names;
    const events = splitSSE({
      onComment: () => (counts.comments += 1),
      onRetry: () => (counts.retries += 1),
      onOther: () => (counts.otherLines += 1),
    }).connect({
      push({ event, data }) {
        counts.total += 1;
        if (data === "") counts.empty += 1;
        else if (data.length < 100 && BLANK.test(data)) counts.blank += 1;
        else if (data.length < 100 && CONTROLS.test(data)) counts.controlOnly += 1;
        else if (data.length < 100 && data.trim() === "[DONE]") counts.sentinels += 1;
        else counts.full += 1;
        if (names.has(event) || names.size < MAX_NAMES) names.set(event, (names.get(event) ?? 0) + 1);
      },
      end: () => undefined,
    });
    let isBlank = true; // white space in front says nothing, as for `chat`
    this.#bytes = decode().connect({
      push(text) {
        const rest = isBlank ? text.trimStart() : text;
        isBlank = rest === "";
        events.push(rest);
      },
      end: events.end,
    });
  }

  push(bytes: Uint8Array): void {
    this.#attempt(() => this.#bytes.push(bytes));
  }

  end(): void {
    this.#attempt(() => this.#bytes.end());
    this.counts.names = Object.fromEntries(this.#names);
  }

  /** Behind an event that is too long there is nothing to count: `chat` has the same limit, and says so. */
  #attempt(work: () => void): void {
    if (this.#isOver) return;
    try {
      work();
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error;
      this.#isOver = true;
    }
  }
}
