import type { Outcome, Via } from "../../chat/index.js";
import type { Cut } from "./borders.js";

/** What was found out about a body. It is plain data: `sluice inspect --json` writes it. Times are in milliseconds. */
export interface Report {
  source: {
    name: string;
    /** A cassette has the borders and times of the network, a pipe those at which it was read, a file neither. */
    kind: "cassette" | "pipe" | "file";
    status?: number;
    contentType?: string;
    /** What times are counted from: that the request was sent, the recording began, or the command was started. */
    zero: "request" | "recording" | "command";
  };
  outcome: Outcome;
  /** What proved that the answer is whole. */
  via?: Via;
  why: string;
  advice?: string;
  /** As `sluice/chat` names them; absent when nothing was recognised. */
  framing?: string;
  dialect?: string;
  model?: string;
  bytes: number;
  /** Bytes behind the sentinel or terminal event, which no reader reads. */
  bytesAfterEnd: number;
  hasByteOrderMark: boolean;
  lineEnds: { lf: number; crlf: number; cr: number };
  /** Absent for a file, which keeps no borders. */
  chunks?: { count: number; smallest: number; median: number; largest: number; mean: number };
  /** How many borders cut what; absent for a file. */
  borders?: Record<Cut | "clean", number>;
  /** Of an event stream. */
  events?: EventCounts;
  /** Whole JSON values. */
  values: number;
  problems: { count: number; first: Problem[] };
  /** How many deltas of each type there were. */
  deltas: Record<string, number>;
  /** Characters of text, reasoning and refusal, all choices together. */
  characters: Record<string, number>;
  finish?: { reason: string; raw: string };
  usage?: Record<string, number>;
  /** Absent when nothing is known of times. */
  times?: Times;
  /** The beginning of the body, for drawing. */
  map: { chunks: DrawnChunk[]; leftChunks: number; leftBytes: number };
  /** The chunks over time, for drawing: the first ones, if there are very many. */
  timeline: { at: number; bytes: number; contents: number }[];
}

/** Events by what they hold. */
export interface EventCounts {
  total: number;
  /** With data that says something, the sentinel aside. */
  full: number;
  empty: number;
  /** White space alone. */
  blank: number;
  /** Control characters and white space alone. */
  controlOnly: number;
  /** `[DONE]`. */
  sentinels: number;
  comments: number;
  retries: number;
  /** Lines that are none of the standard's. */
  otherLines: number;
  /** How often each event name came; `message` is none. */
  names: Record<string, number>;
}

/** Something that could not be read, or that the provider reported. */
export interface Problem {
  code?: string | number;
  message: string;
  /** In the text of the frames joined, in UTF-16 code units; of AWS frames in bytes. */
  offset?: number;
  excerpt: string;
  /** Which chunk it came out of, from 1 on, and the byte of the body at which that begins. */
  chunk: number;
  byte: number;
  /** When that chunk came. */
  at?: number;
}

/** When things came. Content is text, reasoning, refusals, signatures, tool calls and citations. */
export interface Times {
  firstByte: number;
  /** Time to first token. */
  firstContent?: number;
  lastContent?: number;
  /** When the last chunk came. */
  last: number;
  contents: number;
  /** Between contents, on average: from the first to the last, by their number less one. */
  interval?: number;
  /** Between chunks that brought content. */
  gaps?: { median: number; p95: number; longest: number };
  /** Between any two chunks. */
  silence?: { from: number; to: number };
}

/** A chunk as it is drawn. */
export interface DrawnChunk {
  /** In base64; the beginning, when `length` says that there was more. */
  bytes: string;
  length: number;
  at?: number;
  cut?: Cut;
}
