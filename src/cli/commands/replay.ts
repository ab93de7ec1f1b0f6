import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { InvalidArgumentError } from "commander";
import { type Cassette, isCassette } from "../../cassette/index.js";
import type { AddCommand } from "../command.js";
import { EXIT, Refusal } from "../exit.js";
import { cassetteOf, checkFile } from "../input.js";
import { counted } from "../inspect/facts.js";
import { listen, SETTINGS, type Setting, settings } from "../replay-server.js";
import { withoutControls } from "../say.js";

/** `sluice replay`: a server that answers with a cassette. */
export const replay: AddCommand = (program, run) => {
  const command = program
    .command("replay")
    .summary("answer every request with a cassette, cut and broken as you like")
    .description(
      "Starts an HTTP server on loopback that answers every request, whatever its method and path, with a recorded body: " +
        "point any client in any language at it. Its address is the line on standard output; requests are told on standard error. " +
        "A request can set what is set here by itself, in its query (?cuts=1&speed=max) or in headers (sluice-cuts: 1).",
    )
    .argument("<file>", "a cassette; of any other file, its content is the body")
    .option("-p, --port <number>", "0 is any that is free", port, 0);
  for (const [name, what] of Object.entries(SETTINGS)) command.option(`--${name} <value>`, what);
  command.action((file: string, options: Record<string, string | number>) =>
    run(async ({ signal }) => {
      const set = settings((name) => options[camelCase(name)]?.toString());
      const cassette = await open(file);
      const log = (line: string): void => void process.stderr.write(`${withoutControls(line)}\n`);
      const { url, ended } = await listen({ cassette, options: set, port: Number(options["port"]), log }, signal);
      log(`replaying ${file}: ${describe(cassette)}`);
      process.stdout.write(`${url}\n`);
      await ended;
      return EXIT.whole;
    }),
  );
};

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

const camelCase = (name: Setting): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** A cassette from a file, or one chunk of all that is in it. */
async function open(file: string): Promise<Cassette> {
  await checkFile(file);
  const content = await readFile(file).catch((cause: Error) => {
    throw new Refusal(`${file} cannot be read: ${cause.message}`, { cause });
  });
  if (isCassette(content)) return cassetteOf(file, content);
  const contentType = CONTENT_TYPES[extname(file)] ?? "text/event-stream";
  return {
    header: { cassette: 1, response: { status: 200, headers: { "content-type": contentType } } },
    chunks: [{ at: 0, bytes: content }],
    end: { at: 0, how: "closed" },
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".eventstream": "application/vnd.amazon.eventstream",
  ".json": "application/json",
  ".jsonl": "application/x-ndjson",
  ".ndjson": "application/x-ndjson",
};

function describe({ chunks, end }: Cassette): string {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0);
  const time = ((end?.at ?? chunks.at(-1)?.at ?? 0) / 1000).toFixed(2);
  return `${counted(chunks.length, "chunk")}, ${counted(bytes, "byte")}, ${time} s${ENDS[end?.how ?? "broken off"]}`;
}

const ENDS = {
  closed: "",
  cancelled: "; its reader stopped there, and there its replays break off",
  errored: "; it failed, and so do its replays",
  "broken off": "; the recording breaks off, and so do its replays",
} as const;
