import {
  anthropic,
  awsEventStream,
  bedrock,
  chat,
  chatIn,
  cohere,
  type Dialect,
  type Framing,
  gemini,
  geminiInteractions,
  generatedText,
  invoke,
  jsonArray,
  lines,
  objectOf,
  observe,
  observeIn,
  ollama,
  openaiChat,
  openaiResponses,
  sse,
  sseText,
  uiMessages,
  workersAI,
} from "sluice/chat";
import { eventFrame } from "../../chat/aws.ts";
import { chunk, concat, DONE, source, stop } from "../../chat/helpers.ts";
import { settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { cut, everything, hex, rejectionOf, thrownBy, utf8, values } from "../tools.ts";
import { deltasOf, plain } from "./answers.ts";

const house: readonly Dialect[] = [
  openaiChat,
  anthropic,
  openaiResponses,
  gemini,
  geminiInteractions,
  ollama,
  cohere,
  bedrock,
  workersAI,
  generatedText,
  uiMessages,
  invoke(anthropic),
];

/** A dialect of one's own, in a framing of the house. */
const own = (framing: Framing): Dialect => ({
  name: "own",
  framings: [framing],
  proof: ["finish"],
  knows: () => true,
  read: (out) => ({
    push({ name, value }) {
      const { text, stop: reason, ...rest } = objectOf(value);
      if (typeof value === "string") out.text(`${name}=${value};`);
      out.start("own-1", name);
      out.text(text);
      out.finish(reason);
      if (Object.keys(rest).length > 0 && typeof value !== "string") out.unknown(rest);
    },
    end: () => out.unknown("end"),
  }),
});

const framings: readonly [Framing, body: string | Uint8Array][] = [
  [sse, 'event: e\ndata: {"text":\ndata: "a"}\n\ndata: {"stop":"stop"}\n\n'],
  [sseText, "event: e\ndata: two\ndata:  lines\n\n"],
  [lines, '{"text":"a"}\n{"text":"b",\n"more":1}\n{"stop":"length"}'],
  [jsonArray, '[{"text":"a"},\n{"text":"b]"},{"stop":"stop"}]\n'],
  [awsEventStream, concat([eventFrame("e", { text: "é" }), eventFrame("f", { stop: "stop" })])],
];

export const dialects: readonly Case[] = [
  {
    name: "the dialects of the house: their names, framings and proofs",
    run(note) {
      for (const { name, framings: known, proof } of house) note(name, [known.map((each) => each.name), proof]);
      note(
        "none",
        thrownBy(() => (chatIn as unknown as () => unknown)()),
      );
      note("objectOf", [objectOf({ a: 1 }), objectOf([1]), objectOf(null), objectOf("a")]);
    },
  },
  {
    name: "a dialect of one's own in each framing, cut anywhere",
    async run(note) {
      for (const [framing, body] of framings) {
        const bytes = typeof body === "string" ? utf8(body) : body;
        const whole = plain(await deltasOf(chat([bytes], { dialect: own(framing) })));
        note(framing.name, whole);
        for (const size of [1, 4])
          note.is(
            `${framing.name} by ${size}`,
            plain(await deltasOf(chat(cut(bytes, size), { dialect: own(framing) }))),
            whole,
          );
        note(`${framing.name}, cut off`, plain(await deltasOf(chat([bytes.slice(0, -3)], { dialect: own(framing) }))));
        const spoilt = bytes.slice();
        spoilt[Math.floor(bytes.length / 2)] = 0xff;
        note(`${framing.name}, spoilt`, plain(await deltasOf(chat([spoilt], { dialect: own(framing) }))));
      }
    },
  },
  {
    name: "chatIn and observeIn know only their dialects",
    async run(note) {
      const openai = [chunk({ content: "Hello" }), stop(), DONE];
      const claude = 'event: message_start\ndata: {"type":"message_start","message":{"id":"m"}}\n\n';
      note("one", plain(await deltasOf(chatIn(anthropic, ollama)(claude))));
      note("another's", plain(await deltasOf(chatIn(anthropic, ollama)(openai))));
      const seen: unknown[] = [];
      const passed = source(openai).stream.pipeThrough(
        observeIn(openaiChat)({ onMessage: ({ text, outcome, via }) => seen.push([text, outcome, via]) }),
      );
      note("observed", [(await everything(passed)).length, seen]);
    },
  },
  {
    name: "observe: the bytes go on unchanged, and the message is told however it ends",
    async run(note) {
      const observed = (chunks: readonly (string | Uint8Array)[], end = {}, options = {}) => {
        const seen: unknown[] = [];
        const counted = source(chunks, end);
        const body = counted.stream.pipeThrough(
          observe({
            onDelta: (delta) => seen.push(delta.type),
            onMessage: ({ text, outcome, via }) => seen.push({ text, outcome, via }),
            ...options,
          }),
        );
        return { seen, counted, body };
      };
      const hello = chunk({ content: "Hello" });
      const whole = observed([hello, stop() + DONE, ": bye\n\n"]);
      const bytes = (await everything(whole.body)).filter((each): each is Uint8Array => each instanceof Uint8Array);
      note.is("bytes", hex(concat(bytes)), hex(utf8(`${hello}${stop()}${DONE}: bye\n\n`)));
      note("whole", whole.seen);
      const junk = observed([new Uint8Array([0, 255, 254, 1])]);
      note("junk", [await everything(junk.body), junk.seen]);

      const left = observed([hello, hello], { hangs: true });
      const reader = values(left.body);
      await reader.next();
      await reader.return?.();
      await settled();
      note("the client leaves", [left.seen, left.counted.cancels.length]);

      const broken = observed([hello], { fails: new RangeError("reset") });
      const breaking = values(broken.body);
      await breaking.next();
      note("the provider breaks", [await rejectionOf(breaking.next()), broken.seen]);
      const refused = observed(
        ['{"error":{"message":"Slow down"}}'],
        {},
        { status: 429, contentType: "application/json" },
      );
      await everything(refused.body);
      note("a status", refused.seen);
      note(
        "no function",
        thrownBy(() => observe({ onMessage: 5 as never })),
      );
    },
  },
];
