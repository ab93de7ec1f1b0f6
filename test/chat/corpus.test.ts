// The recorded streams, where they are present (the folder named by SLUICE_CORPUS): what `chat` makes of each is what
// corpus.json says. That file was written by a reader of its own in another language, which takes each file whole and knows
// nothing of this code; where the two differed, the raw stream decided. The counts of `unknown` were read through one by one:
// what servers' own tools do and find, images, code and its results, a compaction, and streams that are no answer of a known
// dialect (JSON-RPC, Bedrock's agents, Replicate without its dialect). Texts stand there as length and hash only.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cut, cutAtRandom, messageOf, source } from "./helpers.ts";

interface Expected {
  outcome: string;
  id?: string;
  model?: string;
  /** Texts as [length, hash], tools as [id, name, hash of the arguments]. */
  choices: {
    text: Text;
    reasoning: Text;
    refusal: string;
    finish: string | null;
    tools: [string | null, string, string][];
  }[];
  usage: Record<string, number>;
  unknown?: number;
}
type Text = [length: number, hash: string];

const TYPES: Readonly<Record<string, string>> = {
  sse: "text/event-stream",
  ndjson: "application/x-ndjson",
  json: "application/json",
  eventstream: "application/vnd.amazon.eventstream",
};

const folder = process.env["SLUICE_CORPUS"];
const expected = JSON.parse(readFileSync(new URL("corpus.json", import.meta.url), "utf8")) as Record<string, Expected>;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
const measured = (text: string): Text => [text.length, hash(text)];

async function read(chunks: readonly Uint8Array[], contentType: string | undefined): Promise<Expected> {
  const init = contentType === undefined ? {} : { headers: { "content-type": contentType } };
  const message = await messageOf(new Response(source(chunks).stream, init));
  const usage: Record<string, number> = {};
  for (const name of ["input", "output", "reasoning", "total"] as const) {
    const count = message.usage?.[name];
    if (count !== undefined) usage[name] = count;
  }
  return {
    outcome: message.outcome,
    ...(message.id === undefined ? {} : { id: message.id }),
    ...(message.model === undefined ? {} : { model: message.model }),
    choices: message.choices.map(({ text, reasoning, refusal, finish, toolCalls }) => ({
      text: measured(text),
      reasoning: measured(reasoning),
      refusal: refusal === "" ? "" : hash(refusal),
      finish: finish?.raw ?? null,
      tools: toolCalls.map((call) => [call.id ?? null, call.name ?? "", hash(call.arguments)]),
    })),
    usage,
    ...(message.unknown.length === 0 ? {} : { unknown: message.unknown.length }),
  };
}

const names = Object.keys(expected);

describe.skipIf(folder === undefined || !existsSync(folder))("recorded streams (SLUICE_CORPUS)", () => {
  test("there are 119 of them", () => {
    expect(names.length).toBe(119);
  });

  test.for(names)("%s", async (name) => {
    const bytes = new Uint8Array(await readFile(join(folder ?? "", name)));
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
    expect(await read([bytes], type)).toEqual(expected[name]);
    expect(await read([bytes], undefined), "without a content type").toEqual(expected[name]);
    expect(await read(cutAtRandom(bytes, 7), type), "cut at random").toEqual(expected[name]);
    if (bytes.length < 30_000) expect(await read(cut(bytes, 1), type), "cut into bytes").toEqual(expected[name]);
  });
});
