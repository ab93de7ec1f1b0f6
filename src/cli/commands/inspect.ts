import { writeFile } from "node:fs/promises";
import pc from "picocolors";
import type { AddCommand } from "../command.js";
import { addDialect, dialectsOf } from "../dialects.js";
import { EXIT, exitOf, Refusal } from "../exit.js";
import { openInput } from "../input.js";
import { Analysis } from "../inspect/analysis.js";
import { htmlView, pageParts } from "../inspect/html.js";
import type { Report } from "../inspect/report.js";
import { terminalView } from "../inspect/terminal.js";
import { toJSON } from "../json.js";
import { say } from "../say.js";

interface Options {
  dialect?: string;
  json?: boolean;
  html?: string;
}

const DEFAULT_COLUMNS = 100;

/** `sluice inspect`: what came, how it was cut, and what became of it. */
export const inspect: AddCommand = (program, run) => {
  addDialect(program.command("inspect").summary("a report on a body: how it was cut, what is in it, what became of it"))
    .description(
      "Reports on a body or a cassette: framing, dialect, chunks and where they cut, events, what is malformed and where, the outcome and why, and times. Ctrl-C ends a body that hangs, and reports what came.",
    )
    .argument("[file]", "a body or a cassette; standard input unless named")
    .option("--json", "the report as JSON")
    .option("--html <file>", "write it as a page, too: with every byte, and a plot of latencies")
    .action((file: string | undefined, { dialect, json = false, html }: Options) =>
      run(async ({ signal }) => {
        const report = await analyse(file, dialect, signal);
        const colors = pc.createColors(isColourful());
        const columns = process.stdout.columns ?? DEFAULT_COLUMNS;
        const text = json ? `${toJSON(report, 2)}\n` : terminalView(report, { colors, columns });
        await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
        if (html !== undefined) await save(html, htmlView(report, pageParts())); // what cannot be saved was shown
        return exitOf(report.outcome);
      }),
    );
};

/** Colour is for eyes: a terminal's, unless they asked for none. */
function isColourful(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== "0" : process.stdout.isTTY && TERM !== "dumb";
}

async function analyse(file: string | undefined, dialect: string | undefined, signal: AbortSignal): Promise<Report> {
  const { name, kind, zero, chunks, status, contentType } = await openInput(file, signal);
  const source: Report["source"] = { name, kind, zero };
  if (status !== undefined) source.status = status;
  if (contentType !== undefined && contentType !== "") source.contentType = contentType;
  const analysis = new Analysis({ source, dialects: dialectsOf(dialect) });
  try {
    for await (const { bytes, at } of chunks) analysis.push(bytes, at);
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    return analysis.end({ cause });
  }
  return signal.aborted ? analysis.stop(signal.reason) : analysis.end();
}

async function save(file: string, page: string): Promise<void> {
  try {
    await writeFile(file, page);
  } catch (cause) {
    throw new Refusal(`${file} cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
      exit: EXIT.failed,
      cause,
    });
  }
  say(`the page is in ${file}`);
}
