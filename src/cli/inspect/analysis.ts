import { concat } from "../../bytes.js";
import { toBase64 } from "../../cassette/base64.js";
import { isContent } from "../../chat/delta.js";
import type { Delta, Dialect, EndDelta } from "../../chat/index.js";
import { type Reading, readAnswer } from "../../chat/reading.js";
import { excerpt } from "../../errors.js";
import { completeLength } from "../../text/utf8.js";
import { verdictOf } from "../verdict.js";
import { Borders, type Cut } from "./borders.js";
import { Clock } from "./clock.js";
import { EventCounter } from "./event-counter.js";
import { exactPlace } from "./exact-place.js";
import { LineEnds } from "./line-ends.js";
import { listening } from "./listening.js";
import { Numbers } from "./numbers.js";
import type { Problem, Report } from "./report.js";

/** What is kept of a body, however long it is: enough for every answer seen, and for the beginning of anything else. */
const MAX_DRAWN_CHUNKS = 1000;
const MAX_DRAWN_BYTES = 512; // of one chunk
const MAX_FILE_BYTES = 16 * 1024; // of a file, which has no chunks
const MAX_POINTS = 10_000;
const MAX_BLANK = 8; // of the white space in front: enough to tell what its last border cuts
const MAX_PROBLEMS = 50;

/** What is known of a body before it is read, and as what it is to be read. */
export interface AnalysisOptions {
  source: Report["source"];
  dialects: readonly Dialect[];
}

/**
 * Finds out about a body while it passes: push its chunks, then say how it ended. Memory stays bounded however long it is.
 * What its frames mean, `chat` says; this only counts, and listens.
 */
export class Analysis {
  readonly #source: Report["source"];
  readonly #reading: Reading;
  readonly #lineEnds = new LineEnds();
  readonly #sizes = new Numbers();
  readonly #borderCounts: Record<Cut | "clean", number> = {
    character: 0,
    "line-end": 0,
    value: 0,
    line: 0,
    frame: 0,
    clean: 0,
  };
  readonly #clock = new Clock();
  readonly #map: Report["map"] = { chunks: [], leftChunks: 0, leftBytes: 0 };
  readonly #timeline: Report["timeline"] = [];
  readonly #problems: Report["problems"] = { count: 0, first: [] };
  readonly #deltas: Record<string, number> = {};
  readonly #characters: Record<string, number> = {};
  #head: number[] = []; // the first three bytes, for a byte order mark
  #blank = new Uint8Array(); // the last bytes in front of what tells the framing
  #framing: string | undefined;
  #dialect: string | undefined;
  #model: string | undefined;
  #borders: Borders | undefined;
  #events: EventCounter | undefined;
  #finish: Report["finish"];
  #usage: Report["usage"];
  #end: EndDelta | undefined;
  #bytes = 0;
  #began = 0; // the byte at which the chunk begins
  #at: number | undefined; // when the chunk came
  #bytesAfterEnd = 0;
  #values = 0;
  #contents = 0; // of the chunk

  constructor({ source, dialects }: AnalysisOptions) {
    this.#source = source;
    const listener = {
      framing: (name: string) => {
        this.#framing = name;
      },
      dialect: (name: string) => {
        this.#dialect = name;
      },
      value: () => {
        if (!this.#reading.isOver) this.#values += 1;
      },
    };
    this.#reading = readAnswer(listening(dialects, listener), {}, (delta) => this.#take(delta));
    this.#reading.expect(source.contentType ?? "", source.status ?? 200);
  }

  /** @param at when it came, in milliseconds since time zero, if that is known */
  push(bytes: Uint8Array, at?: number): void {
    if (bytes.length === 0) return;
    if (this.#head.length < 3) this.#head.push(...bytes.subarray(0, 3 - this.#head.length));
    this.#contents = 0;
    this.#began = this.#bytes;
    this.#at = at;
    this.#sizes.add(bytes.length);
    if (this.#reading.isOver) this.#bytesAfterEnd += bytes.length;
    else this.#reading.push(bytes);
    const cut = this.#cutBy(bytes);
    this.#lineEnds.push(bytes);
    if (this.#sizes.count > 1) this.#borderCounts[cut ?? "clean"] += 1;
    this.#draw(bytes, at, cut);
    if (at !== undefined) this.#clock.push(at, this.#contents);
    this.#bytes += bytes.length;
  }

  /** The body is over; with what broke it off, if something did. @returns what was found out */
  end(broken?: { cause: unknown }): Report {
    if (broken === undefined) this.#reading.end();
    else this.#reading.fail(broken.cause);
    return this.#report();
  }

  /** Somebody stopped it. @returns what was found out so far */
  stop(reason: unknown): Report {
    this.#reading.stop("aborted", reason);
    return this.#report();
  }

  /** Shows the chunk to what looks at borders and events, once the framing is known. */
  #cutBy(bytes: Uint8Array): Cut | undefined {
    if (this.#borders === undefined && this.#framing === undefined && !this.#reading.isOver) {
      this.#blank = concat([this.#blank, bytes.subarray(-MAX_BLANK)]).slice(-MAX_BLANK);
      return undefined;
    }
    if (this.#borders === undefined) {
      this.#borders = new Borders(this.#framing);
      if (this.#framing === "sse") this.#events = new EventCounter();
      this.#borders.push(this.#blank);
      this.#events?.push(this.#blank.subarray(completeLength(this.#blank))); // of a byte order mark, perhaps
    }
    this.#events?.push(bytes);
    return this.#borders.push(bytes);
  }

  #draw(bytes: Uint8Array, at: number | undefined, cut: Cut | undefined): void {
    const { chunks } = this.#map;
    const isFile = this.#source.kind === "file";
    const room = isFile ? MAX_FILE_BYTES - this.#bytes : chunks.length < MAX_DRAWN_CHUNKS ? MAX_DRAWN_BYTES : 0;
    if (room > 0) {
      const drawn = bytes.subarray(0, room);
      const length = isFile ? drawn.length : bytes.length;
      if (isFile) this.#map.leftBytes += bytes.length - drawn.length;
      const chunk: Report["map"]["chunks"][0] = { bytes: toBase64(drawn), length };
      if (at !== undefined) chunk.at = at;
      if (cut !== undefined) chunk.cut = cut;
      chunks.push(chunk);
    } else {
      this.#map.leftChunks += 1;
      this.#map.leftBytes += bytes.length;
    }
    if (at === undefined || this.#timeline.length >= MAX_POINTS) return;
    this.#timeline.push({ at, bytes: bytes.length, contents: this.#contents });
  }

  #take(delta: Delta): void {
    this.#deltas[delta.type] = (this.#deltas[delta.type] ?? 0) + 1;
    if (isContent(delta)) this.#contents += 1;
    switch (delta.type) {
      case "start":
        this.#model = delta.model;
        return;
      case "text":
      case "reasoning":
      case "refusal":
        this.#characters[delta.type] = (this.#characters[delta.type] ?? 0) + delta.text.length;
        return;
      case "finish":
        if (delta.choice === 0) this.#finish = { reason: delta.reason, raw: delta.raw };
        return;
      case "usage": {
        const { type: _, raw: __, ...usage } = delta;
        this.#usage = usage;
        return;
      }
      case "error":
        return this.#complain(delta);
      case "end":
        this.#end = delta;
        return;
    }
  }

  #complain({ code, message, offset, raw }: Extract<Delta, { type: "error" }>): void {
    this.#problems.count += 1;
    if (this.#problems.first.length >= MAX_PROBLEMS) return;
    const exact = offset === undefined ? undefined : exactPlace(raw, offset);
    const problem: Problem = { message, excerpt: excerpt(raw), chunk: this.#sizes.count, byte: this.#began };
    if (code !== undefined) problem.code = code;
    if (offset !== undefined) problem.offset = offset;
    if (this.#at !== undefined) problem.at = this.#at;
    this.#problems.first.push(exact === undefined ? problem : { ...problem, ...exact, code: "malformed" });
  }

  #report(): Report {
    this.#events?.end();
    const end: EndDelta = this.#end ?? { type: "end", outcome: "aborted" };
    const { count, smallest, largest, sum } = this.#sizes;
    const hasBorders = this.#source.kind !== "file" && count > 0;
    const times = this.#clock.times;
    const { isStrange: _, ...verdict } = verdictOf(end, {
      bytes: this.#bytes,
      isRecognised: this.#dialect !== undefined,
      finish: this.#finish?.reason,
    });
    return {
      source: this.#source,
      outcome: end.outcome,
      ...(end.via === undefined ? {} : { via: end.via }),
      ...verdict,
      ...(this.#framing === undefined ? {} : { framing: this.#framing }),
      ...(this.#dialect === undefined ? {} : { dialect: this.#dialect }),
      ...(this.#model === undefined ? {} : { model: this.#model }),
      bytes: this.#bytes,
      bytesAfterEnd: this.#bytesAfterEnd,
      hasByteOrderMark: this.#head.join() === "239,187,191",
      lineEnds: this.#lineEnds.counts,
      ...(hasBorders
        ? {
            chunks: { count, smallest, median: this.#sizes.quantile(0.5), largest, mean: sum / count },
            borders: this.#borderCounts,
          }
        : {}),
      ...(this.#events === undefined ? {} : { events: this.#events.counts }),
      values: this.#values,
      problems: this.#problems,
      deltas: this.#deltas,
      characters: this.#characters,
      ...(this.#finish === undefined ? {} : { finish: this.#finish }),
      ...(this.#usage === undefined ? {} : { usage: this.#usage }),
      ...(times === undefined ? {} : { times }),
      map: this.#map,
      timeline: this.#timeline,
    };
  }
}
