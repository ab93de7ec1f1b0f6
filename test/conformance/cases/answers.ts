import { type Answer, chat, chatIn, type Delta, type ObserveOptions, observe } from "sluice/chat";
import { concat, cutAtRandom, joined, source } from "../../chat/helpers.ts";
import { type Transcript, transcripts } from "../../chat/transcripts.ts";
import { canonical } from "../../support/transcript.ts";
import type { Case } from "../case.ts";
import { cut, responseOf, values } from "../tools.ts";

// The transcript of every dialect, under several cuts, in every way of reading.

/** Deltas, neighbouring text joined; without the provider's own account of usage, which is what went in. */
export const plain = (deltas: readonly Delta[]): unknown[] =>
  joined(deltas).map((delta) => {
    const { raw, ...rest } = delta as { raw?: unknown; type: string };
    return rest.type === "usage" ? rest : delta;
  });

export async function deltasOf(answer: Answer): Promise<Delta[]> {
  const deltas: Delta[] = [];
  for await (const delta of answer) deltas.push(delta);
  return deltas;
}

/** In one order of keys. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const dialectCase = (transcript: Transcript): Case => ({
  name: `answer: ${transcript.name}`,
  async run(note) {
    const { frames, contentType, dialect, deltas: expected, needed, errors, options = {} } = transcript;
    const body = concat(frames);
    const open = (chunks: readonly Uint8Array[]): Response => responseOf(source(chunks).stream as never, contentType);

    note("whole", plain(await deltasOf(chat([body], options))));
    for (const chunks of [[body], cut(body, 1), cut(body, 7), cutAtRandom(body, 1)]) {
      const ways: Record<string, Delta[]> = {
        recognised: await deltasOf(chat(open(chunks), options)),
        chosen: await deltasOf(chat(open(chunks), { dialect })),
        "alone in chatIn": await deltasOf(chatIn(dialect)(open(chunks))),
        "through readable": await gathered(values(chat(open(chunks), options).readable)),
        observed: await observedDeltas(source(chunks).stream, { ...options, contentType }),
      };
      for (const [name, deltas] of Object.entries(ways))
        note.is(`${name}, ${chunks.length} chunks`, canonical(sorted(plain(deltas))), canonical(sorted(expected)));
    }
    const { text, reasoning, refusal, toolCalls, finish, usage, outcome, via } = await chat(
      open(cut(body, 5)),
      options,
    ).message();
    note("message", { text, reasoning, refusal, toolCalls, finish, usage, outcome, via });

    const outcomes = await Promise.all(
      frames.map(async (_, count) => (await chat(open([concat(frames.slice(0, count))]), options).message()).outcome),
    );
    note("cut off after each frame", outcomes);
    for (const error of errors) {
      const broken = concat([...frames.slice(0, needed - 1), error.frame]);
      const [whole, pieces] = [[broken], cut(broken, 3)].map((chunks) => deltasOf(chat(open(chunks), options)));
      const first = plain((await whole) ?? []).slice(-3);
      note(error.name, first);
      note.is(`${error.name}, cut`, canonical(plain((await pieces) ?? []).slice(-3)), canonical(first));
    }
  },
});

async function gathered<T>(iterator: AsyncIterator<T, undefined>): Promise<T[]> {
  const all: T[] = [];
  for (let result = await iterator.next(); !result.done; result = await iterator.next()) all.push(result.value);
  return all;
}

async function observedDeltas(stream: ReadableStream<Uint8Array>, options: ObserveOptions): Promise<Delta[]> {
  const deltas: Delta[] = [];
  const passed = stream.pipeThrough(observe({ ...options, onDelta: (delta) => deltas.push(delta) }));
  await gathered(values(passed));
  return deltas;
}

export const answers: readonly Case[] = transcripts.map(dialectCase);
