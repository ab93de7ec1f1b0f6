import type { Problem, Report } from "./report.js";

/** A line of the report: what it is about, what was found, and what that means in words where it needs them. */
export interface Fact {
  label: string;
  text: string;
  /** What was measured, and how. */
  meaning?: string;
  /** Whether it explains a fault, or may. */
  isStriking?: boolean;
}

/** The lines of the report, in groups that belong together. The views only dress them. */
export interface Facts {
  body: Fact[];
  content: Fact[];
  times: Fact[];
}

/** Says in words what was found out. */
export function factsOf(report: Report): Facts {
  return { body: bodyFacts(report), content: contentFacts(report), times: timeFacts(report) };
}

const FRAMINGS: Readonly<Record<string, string>> = {
  sse: "server-sent events",
  lines: "lines of JSON",
  "json-array": "one JSON array",
  "aws-event-stream": "AWS event stream, binary frames",
};

function bodyFacts({ source, framing, dialect, model, ...report }: Report): Fact[] {
  const facts: Fact[] = [];
  const { status, contentType } = source;
  if (status !== undefined || contentType) {
    const text = list([status === undefined ? "" : `status ${status}`, contentType ?? ""]);
    facts.push({ label: "response", text, isStriking: status !== undefined && status >= 400 });
  }
  facts.push({
    label: "framing",
    text: list([
      framing === undefined ? "not recognised" : (FRAMINGS[framing] ?? framing),
      framing === "aws-event-stream" ? "" : lineEndsOf(report.lineEnds),
      report.hasByteOrderMark ? "a byte order mark" : "",
    ]),
    isStriking: framing === undefined,
  });
  facts.push({
    label: "dialect",
    text: list([dialect ?? "not recognised", model === undefined ? "" : `model ${model}`]),
    isStriking: dialect === undefined,
  });
  const { chunks, borders } = report;
  const size = `${counted(report.bytes, "byte")}`;
  if (chunks === undefined) {
    const text = source.kind === "file" ? `${size}; a file keeps neither borders nor times of chunks` : size;
    facts.push({ label: "body", text });
  } else {
    const { count, smallest, median, largest } = chunks;
    const spread = `${number(smallest)} to ${number(largest)} bytes each, half of them at most ${number(median)}`;
    const sizes = count === 1 ? "" : `, ${smallest === largest ? `${number(smallest)} bytes each` : spread}`;
    facts.push({
      label: "body",
      text: `${size} in ${counted(count, "chunk")}${sizes}`,
      ...(source.kind === "pipe" ? { meaning: "as they could be read from the pipe" } : {}),
    });
  }
  if (borders !== undefined && chunks !== undefined && chunks.count > 1) {
    const text = list([
      some(borders.clean, "between frames"),
      some(borders.frame, "inside a frame"),
      some(borders.line, "inside a line"),
      some(borders.value, "inside a value"),
      some(borders["line-end"], "between CR and LF"),
      some(borders.character, "inside a character"),
    ]);
    facts.push({ label: "borders", text: text === "" ? "none" : text, meaning: "where chunks were cut" });
  }
  if (report.bytesAfterEnd > 0) {
    facts.push({
      label: "unread",
      text: `${counted(report.bytesAfterEnd, "byte")} in chunks behind the end`,
      isStriking: true,
    });
  }
  return facts;
}

function contentFacts({ events, values, problems, deltas, characters, finish, usage }: Report): Fact[] {
  const facts: Fact[] = [];
  if (events !== undefined) {
    const { message: _, ...named } = events.names;
    facts.push({
      label: "events",
      text: list([
        `${number(events.total)}: ${number(events.full)} with data`,
        some(events.empty, "empty"),
        some(events.blank, "blank"),
        some(events.controlOnly, "of control characters alone"),
        events.sentinels > 0 ? "[DONE]" : "no [DONE]",
      ]),
      isStriking: events.controlOnly > 0,
    });
    const beside = list([
      events.comments === 0 ? "" : counted(events.comments, "comment"),
      events.retries === 0 ? "" : counted(events.retries, "retry field"),
      events.otherLines === 0 ? "" : `${counted(events.otherLines, "line")} that no event stream has`,
    ]);
    if (beside !== "") facts.push({ label: "besides", text: beside, isStriking: events.otherLines > 0 });
    const names = list(Object.entries(named).map(([name, count]) => `${name} ${number(count)}`));
    if (names !== "") facts.push({ label: "names", text: names });
  }
  const wrong = problems.count === 0 ? "" : counted(problems.count, "problem");
  facts.push({ label: "values", text: list([`${number(values)} whole`, wrong]), isStriking: problems.count > 0 });
  const { start: _, end: __, error: ___, ...given } = deltas;
  const texts = list(
    Object.entries(given).map(([type, count]) => {
      const length = characters[type];
      return `${number(count)} ${type}${length === undefined ? "" : ` (${counted(length, "character")})`}`;
    }),
  );
  facts.push({ label: "deltas", text: texts === "" ? "none" : texts });
  if (finish !== undefined) {
    const text = finish.raw === finish.reason ? finish.reason : `${finish.reason} (${finish.raw})`;
    facts.push({ label: "finish", text, isStriking: finish.reason === "length" || finish.reason === "content-filter" });
  }
  const counts = list(Object.entries(usage ?? {}).map(([name, count]) => `${name} ${number(count)}`));
  if (counts !== "") facts.push({ label: "tokens", text: counts, meaning: "as the provider counts them" });
  return facts;
}

const ZEROS: Readonly<Record<Report["source"]["zero"], string>> = {
  request: "the request",
  recording: "the recording's start",
  command: "the command's start",
};

function timeFacts({ times, source }: Report): Fact[] {
  if (times === undefined) return [];
  const zero = ZEROS[source.zero];
  const facts: Fact[] = [
    { label: "first byte", text: seconds(times.firstByte), meaning: `from ${zero} to the first chunk` },
  ];
  if (times.firstContent !== undefined) {
    const text = seconds(times.firstContent);
    facts.push({ label: "first content", text, meaning: `TTFT: from ${zero} to the first chunk with content` });
  }
  const { interval, gaps, silence } = times;
  if (interval !== undefined && interval > 0) {
    facts.push({
      label: "per content",
      text: `${milliseconds(interval)}, ${number(1000 / interval)} a second`,
      meaning: "inter-token latency: from the first content to the last, by their number less one",
    });
  }
  if (gaps !== undefined) {
    facts.push({
      label: "gaps",
      text: `${milliseconds(gaps.median)} median, ${milliseconds(gaps.p95)} p95, ${milliseconds(gaps.longest)} longest`,
      meaning: "between chunks that brought content",
    });
  }
  if (silence !== undefined) {
    const { from, to } = silence;
    facts.push({
      label: "silence",
      text: `${milliseconds(to - from)}, from ${seconds(from)} on`,
      meaning: "the longest between any two chunks",
    });
  }
  facts.push({ label: "last byte", text: seconds(times.last), meaning: `from ${zero} to the last chunk` });
  return facts;
}

function lineEndsOf({ lf, crlf, cr }: Report["lineEnds"]): string {
  const kinds = [
    [lf, "LF"],
    [crlf, "CR LF"],
    [cr, "CR"],
  ] as const;
  const found = kinds.filter(([count]) => count > 0);
  const [first] = found;
  if (first === undefined) return "no line end";
  if (found.length === 1) return `lines end in ${first[1]}`;
  return `lines end in ${found.map(([count, name]) => `${name} (${number(count)})`).join(", ")}`;
}

/** What is there, in one line. */
function list(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}

function some(count: number, what: string): string {
  return count === 0 ? "" : `${number(count)} ${what}`;
}

export function number(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 1 });
}

export function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? "" : "s"}`;
}

export function seconds(time: number): string {
  return `${(time / 1000).toFixed(3)} s`;
}

export function milliseconds(time: number): string {
  return `${time >= 100 ? Math.round(time).toLocaleString("en") : time.toFixed(1)} ms`;
}

/** Where a problem came up. */
export function placeOf({ chunk, byte, code, offset }: Problem, hasBorders: boolean): string {
  return [
    code === undefined ? "" : String(code),
    offset === undefined ? "" : `offset ${number(offset)}`,
    hasBorders ? `found with chunk ${number(chunk)}, which begins at byte ${number(byte)}` : "",
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

/** The verdict as a sentence. */
export function sentenceOf({ why, advice }: Pick<Report, "why" | "advice">): string {
  const text = advice === undefined ? why : `${why}; ${advice}`;
  return /[.…!?]$/.test(text) ? text : `${text}.`;
}

/** The outcome as people say it. */
export const OUTCOMES: Readonly<Record<Report["outcome"], string>> = {
  complete: "whole",
  truncated: "truncated",
  error: "error",
  aborted: "stopped",
  stalled: "stalled",
};
