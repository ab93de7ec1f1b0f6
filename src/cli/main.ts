#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { AddCommand } from "./command.js";
import { deltas } from "./commands/deltas.js";
import { events } from "./commands/events.js";
import { inspect } from "./commands/inspect.js";
import { json } from "./commands/json.js";
import { message } from "./commands/message.js";
import { record } from "./commands/record.js";
import { replay } from "./commands/replay.js";
import { text } from "./commands/text.js";
import { EXIT } from "./exit.js";
import { run } from "./process.js";

/** In the order of the help. */
const commands: readonly AddCommand[] = [text, json, events, deltas, message, inspect, record, replay];

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const program = new Command("sluice")
  .description("Reads the streamed answers of language models, and says for certain whether they were whole.")
  .version(version)
  .showSuggestionAfterError()
  .showHelpAfterError("sluice --help lists the commands, sluice <command> --help the options of one")
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "sluice: ")) })
  .addHelpText(
    "after",
    "\nExit codes: 0 whole, 1 the command could not do its work, 2 bad usage,\n" +
      "3 truncated, 4 error, 5 stalled, 130 and 143 interrupted, 141 nobody reads\n" +
      "the output any more.",
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.whole : EXIT.usage));
for (const add of commands) add(program, run);

await program.parseAsync();
