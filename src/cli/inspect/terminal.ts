import type pc from "picocolors";
import { withoutControls } from "../say.js";
import { type Fact, factsOf, milliseconds, number, OUTCOMES, placeOf, seconds, sentenceOf } from "./facts.js";
import type { Report } from "./report.js";

type Colors = ReturnType<typeof pc.createColors>;

const INDENT = "  ";
const LABEL = 15; // columns
const MAX_WIDTH = 110;
const MAX_PROBLEMS = 10;
const LEVELS = " ▁▂▃▄▅▆▇█";

/** Draws the report for a terminal of so many columns. */
export function terminalView(report: Report, { colors, columns }: { colors: Colors; columns: number }): string {
  const width = Math.max(40, Math.min(columns, MAX_WIDTH));
  const facts = factsOf(report);
  const groups = [
    [verdict(report, colors, width)],
    facts.body.map((fact) => factLine(fact, colors, width)),
    facts.content.map((fact) => factLine(fact, colors, width)),
    problems(report, colors, width),
    facts.times.map((fact) => factLine(fact, colors, width)),
    timeline(report, colors, width),
  ];
  const text = groups.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${colors.dim(report.source.name)}\n\n${text.join("\n\n")}\n`;
}

function verdict(report: Report, colors: Colors, width: number): string {
  const { outcome } = report;
  const paint = outcome === "complete" ? colors.green : outcome === "truncated" ? colors.yellow : colors.red;
  const word = OUTCOMES[outcome];
  return `${INDENT}${colors.bold(paint(word.padEnd(LABEL)))}${wrapped(sentenceOf(report), width).join(newLine)}`;
}

const newLine = `\n${INDENT}${" ".repeat(LABEL)}`;

function factLine({ label, text, meaning, isStriking = false }: Fact, colors: Colors, width: number): string {
  const lines = wrapped(text, width).map((line) => (isStriking ? colors.yellow(line) : line));
  const head = `${INDENT}${colors.dim(label.padEnd(LABEL))}${lines.join(newLine)}`;
  if (meaning === undefined) return head;
  const last = lines.length === 1 ? text.length : width;
  const isRoomy = INDENT.length + LABEL + last + 3 + meaning.length <= width;
  return isRoomy
    ? `${head}   ${colors.dim(meaning)}`
    : `${head}${newLine}${wrapped(meaning, width).map(colors.dim).join(newLine)}`;
}

function problems({ problems: { count, first }, source }: Report, colors: Colors, width: number): string[] {
  const told = first.slice(0, MAX_PROBLEMS);
  const lines = told.map((problem) => {
    const [headline = "", ...rest] = wrapped(shortened(problem.message), width, 4);
    const where = placeOf(problem, source.kind !== "file");
    return [
      `${INDENT}${colors.red("✗")} ${headline}`,
      ...rest.map((line) => `${INDENT}  ${line}`),
      ...wrapped(where, width, 4).map((line) => `${INDENT}  ${colors.dim(line)}`),
    ].join("\n");
  });
  if (count > told.length) lines.push(`${INDENT}  and ${number(count - told.length)} more`);
  return lines;
}

/** Content over time: a column for each span of time, as high as what came in it. */
function timeline(report: Report, colors: Colors, width: number): string[] {
  const { timeline: points, times, chunks, problems } = report;
  const last = points.at(-1)?.at ?? 0;
  if (times === undefined || chunks === undefined || last === 0 || points.length < 2) return [];
  const columns = width - INDENT.length - LABEL;
  const columnOf = (at: number): number => Math.min(columns - 1, Math.floor((at / last) * columns));
  const isContent = times.contents > 0;
  const sums = new Array<number>(columns).fill(0);
  for (const { at, bytes, contents } of points) {
    const column = columnOf(at);
    sums[column] = (sums[column] ?? 0) + (isContent ? contents : bytes);
  }
  const most = Math.max(...sums);
  const bars = sums.map((sum) => LEVELS[Math.ceil((sum / most) * (LEVELS.length - 1))]).join("");

  const marks = new Array<string>(columns).fill(" ");
  const begun = times.firstContent;
  if (begun !== undefined) marks[columnOf(begun)] = colors.cyan("▲");
  for (const { at } of problems.first) if (at !== undefined && at <= last) marks[columnOf(at)] = colors.red("✗");
  const end = seconds(last);
  const axis = `0 s ${"─".repeat(Math.max(1, columns - 5 - end.length))} ${end}`;
  const words = [
    begun === undefined ? "" : `${colors.cyan("▲")} first content`,
    problems.count === 0 ? "" : `${colors.red("✗")} a problem`,
    `a column is ${milliseconds(last / columns)}`,
    points.length < chunks.count ? `the first ${number(points.length)} chunks` : "",
  ].filter((word) => word !== "");
  const label = (text: string): string => `${INDENT}${colors.dim(text.padEnd(LABEL))}`;
  return [
    `${label(isContent ? "content" : "bytes")}${colors.cyan(bars)}`,
    ...(marks.some((mark) => mark !== " ") ? [`${label("")}${marks.join("").trimEnd()}`] : []),
    `${label("over time")}${colors.dim(axis)}`,
    `${label("")}${words.join(colors.dim(" · "))}`,
  ];
}

const MESSAGE_LENGTH = 180;

function shortened(text: string): string {
  return text.length > MESSAGE_LENGTH ? `${text.slice(0, MESSAGE_LENGTH)}…` : text;
}

/** Breaks text into lines that fit behind the labels. */
function wrapped(text: string, width: number, indent: number = INDENT.length + LABEL): string[] {
  const room = Math.max(20, width - indent);
  const lines: string[] = [];
  let line = "";
  for (const word of withoutControls(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
    for (; line.length > room; line = line.slice(room)) lines.push(line.slice(0, room));
  }
  return [...lines, line];
}
