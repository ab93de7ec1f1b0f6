import { chat } from "sluice/chat";
import {
  lineResponse,
  lineStream,
  openAIResponse,
  openAIStream,
  sseResponse,
  sseStream,
  uiMessageResponse,
  uiMessageStream,
} from "sluice/serve";
import { chunk, concat, DONE, source, stop } from "../../chat/helpers.ts";
import { type Transcript, transcripts } from "../../chat/transcripts.ts";
import { countedIterable, countedStream, settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { values } from "../tools.ts";

const failed = new Error("secret");

/** All of a body, as text: where a chunk of it ends is nobody's business. */
async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  const reader = values(body);
  let text = "";
  for (let read = await reader.next(); !read.done; read = await reader.next()) {
    text += decoder.decode(read.value, { stream: true });
  }
  return text;
}

const answerOf = ({ frames }: Transcript, count = frames.length): ReturnType<typeof chat> =>
  chat([concat(frames.slice(0, count))]);

/** What changes from run to run: the time, and ids that are made up. */
const timeless = (text: string): string =>
  text.replace(/"created":\d+/g, '"created":0').replace(/(call|chatcmpl)_?-?[\da-f-]{36}/g, "$1");

export const serve: readonly Case[] = [
  {
    name: "values go out as events and as lines, and how they ended behind them",
    async run(note) {
      const odd = ["a\r\nb", { n: 1 }, null, "\u2028\0data: x"];
      note("events", await textOf(sseStream(odd)));
      note("lines", await textOf(lineStream(odd)));
      const toEvent = (value: unknown, index: number): object => ({ event: "e", id: `${index}`, data: String(value) });
      note("as told", await textOf(sseStream(["a\r\nb\rc", 2], { toEvent, sentinel: "[DONE]", retry: 1000 })));
      for (const make of [
        () => countedStream([1], { fails: failed }).stream,
        () => countedIterable([1], { fails: failed }).iterable,
        () => [1, () => 2, 3],
      ]) {
        note("failed", await textOf(sseStream(make())));
        note("failed, in lines", await textOf(lineStream(make(), { onError: ({ outcome }) => `It is ${outcome}` })));
      }
    },
  },
  {
    name: "answers go out as OpenAI's chunks and as a UI message stream, and are read back",
    async run(note) {
      for (const transcript of transcripts) {
        for (const count of [transcript.frames.length, transcript.needed - 1]) {
          const openai = await textOf(openAIStream(answerOf(transcript, count), { id: "c", model: "m" }));
          const ui = await textOf(uiMessageStream(answerOf(transcript, count), { messageId: "m" }));
          note(`${transcript.name}, ${count} frames, for OpenAI's clients`, timeless(openai));
          note(`${transcript.name}, ${count} frames, for useChat`, timeless(ui));
          for (const text of [openai, ui]) {
            const { outcome, via, text: said, finish } = await chat(text).message();
            note("read back", { outcome, via, said, finish });
          }
        }
      }
    },
  },
  {
    name: "whoever leaves cancels the source once; silence is filled with comments",
    async run(note) {
      const stream = countedStream([1], { hangs: true });
      const iterable = countedIterable([1], { hangs: true });
      for (const [name, counted, body] of [
        ["a stream", stream, sseStream(stream.stream, { heartbeat: 5 })],
        ["an iterable", iterable, sseStream(iterable.iterable, { heartbeat: 5 })],
      ] as const) {
        const reader = body.getReader();
        const texts: string[] = [];
        for (let read = 0; read < 3; read++) texts.push(new TextDecoder().decode((await reader.read()).value));
        note.is(`${name}, silent`, texts, ["data: 1\n\n", ": keep-alive\n\n", ": keep-alive\n\n"]);
        await reader.cancel("gone");
        await settled();
        note.is(`${name}, left`, counted.cancels.length, 1);
      }
      const upstream = source([chunk({ content: "Hi" })], { hangs: true });
      const reader = openAIStream(chat(upstream.stream)).getReader();
      await reader.read();
      await reader.cancel();
      await settled();
      note.is("the request behind an answer", upstream.cancels.length, 1);
    },
  },
  {
    name: "responses have the headers that keep everybody from holding them back",
    run(note) {
      const ordinary = ["cache-control: no-cache, no-transform", "x-accel-buffering: no"];
      const events = [...ordinary, "content-type: text/event-stream; charset=utf-8"];
      const made: readonly [string, () => Response, string[]][] = [
        ["sseResponse", () => sseResponse([]), events],
        ["lineResponse", () => lineResponse([]), [...ordinary, "content-type: application/x-ndjson; charset=utf-8"]],
        ["openAIResponse", () => openAIResponse(chat([stop(), DONE])), events],
        ["uiMessageResponse", () => uiMessageResponse([]), [...events, "x-vercel-ai-ui-message-stream: v1"]],
      ];
      for (const [name, make, expected] of made) {
        const seen: string[] = [];
        // An engine without a platform has no Response to give.
        if (typeof Response === "function")
          make().headers.forEach((value, header) => void seen.push(`${header}: ${value}`));
        else seen.push(...expected);
        note.is(name, seen.sort(), [...expected].sort());
      }
    },
  },
];
