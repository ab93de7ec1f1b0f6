import { chat, type Delta } from "sluice/chat";
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
import { chunk, DONE, source, stop } from "../../chat/helpers.ts";
import { settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { joinedText, thrownBy, utf8, values } from "../tools.ts";

const call = { index: 0, id: "c1", function: { name: "f", arguments: '{"a":1}' } };
const answer = [chunk({ content: "Grüße" }), chunk({ tool_calls: [call] }), stop("tool_calls"), DONE];

/** What is written, without the time at which it was. */
const written = async (stream: ReadableStream<Uint8Array>): Promise<string> =>
  (await joinedText(stream)).replace(/"created":\d+/g, '"created":0');

type Serve = (source: AsyncIterable<Delta>) => ReadableStream<Uint8Array>;

const formats: Readonly<Record<string, Serve>> = {
  sse: (deltas) => sseStream(deltas, { retry: 5 }),
  "sse, with events and a sentinel": (deltas) =>
    sseStream(deltas, { toEvent: ({ type }, index) => ({ event: type, id: String(index) }), sentinel: "[DONE]" }),
  lines: (deltas) => lineStream(deltas),
  OpenAI: (deltas) => openAIStream(deltas, { id: "id", model: "m2", reasoning: "reasoning" }),
  "UI messages": (deltas) => uiMessageStream(deltas, { messageId: "m1" }),
};

export const serve: readonly Case[] = [
  {
    name: "serve: an answer in each format, whole, cut off, broken and empty",
    async run(note) {
      for (const [name, format] of Object.entries(formats)) {
        note(name, await written(format(chat(answer))));
        note(`${name}, cut off`, await written(format(chat(answer.slice(0, 1)))));
        note(`${name}, empty`, await written(format(chat([]))));
      }
      const broken = source(answer.slice(0, 1), { fails: new RangeError("a secret") });
      const stream = sseStream(chat(broken.stream), { onError: ({ outcome }) => ({ message: outcome, code: 1 }) });
      note("what the client is told", await written(stream));
    },
  },
  {
    name: "serve: any values, and values that cannot be written",
    async run(note) {
      const some = [{ n: 1 }, "two", null];
      note("sse", await written(sseStream(some)));
      note("lines", await written(lineStream(some)));
      note("a value that is no JSON", [
        await written(sseStream([1, undefined, 2])),
        await written(lineStream([1, () => 1, 2])),
      ]);
      note("not values", [
        thrownBy(() => sseStream("text")),
        thrownBy(() => lineStream(utf8("bytes") as never)),
        thrownBy(() => openAIStream(5 as never)),
        thrownBy(() => uiMessageStream([], { heartbeat: 0 })),
      ]);
    },
  },
  {
    name: "serve: a heartbeat between events, and the client that leaves",
    async run(note) {
      const idle = source([chunk({ content: "Hello" })], { hangs: true });
      const reader = values(sseStream(chat(idle.stream), { heartbeat: 30 }));
      const read = async (): Promise<string> => new TextDecoder().decode((await reader.next()).value);
      note("first", await read());
      note.is("then", [await read(), await read()], [": keep-alive\n\n", ": keep-alive\n\n"]);
      await reader.return?.();
      await settled();
      note.is("cancels", idle.cancels.length, 1);
    },
  },
  {
    name: "serve: responses, with their headers, where there is Response",
    async run(note) {
      const own = { "x-own": "yes" };
      const responses = {
        sse: [() => sseResponse([1], { status: 201, headers: own }), sseStream([1])],
        lines: [() => lineResponse([1]), lineStream([1])],
        OpenAI: [
          () => openAIResponse(chat(answer), { id: "id", headers: { "cache-control": "private" } }),
          openAIStream(chat(answer), { id: "id" }),
        ],
        "UI messages": [() => uiMessageResponse(chat(answer)), uiMessageStream(chat(answer))],
      } as const;
      const names = ["content-type", "cache-control", "x-accel-buffering", "x-own", "x-vercel-ai-ui-message-stream"];
      const seen: unknown[] = [];
      for (const [name, [make, stream]] of Object.entries(responses)) {
        const text = await written(stream);
        if (typeof Response !== "function") continue; // there is nobody who could take one
        const { status, headers, body } = make();
        const isSame = body !== null && (await written(body)) === text;
        seen.push([name, status, names.map((each) => headers.get(each)), isSame]);
      }
      const type = "text/event-stream; charset=utf-8";
      const cache = "no-cache, no-transform";
      const expected = [
        ["sse", 201, [type, cache, "no", "yes", null], true],
        ["lines", 200, ["application/x-ndjson; charset=utf-8", cache, "no", null, null], true],
        ["OpenAI", 200, [type, "private", "no", null, null], true],
        ["UI messages", 200, [type, cache, "no", null, "v1"], true],
      ];
      note.is("responses", seen.length > 0 ? seen : expected, expected);
    },
  },
];
