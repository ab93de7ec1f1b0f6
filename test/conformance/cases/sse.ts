import { bufferParse, encodeLines, encodeSSE, filterEmpty, fuse, splitLines, splitSSE } from "sluice";
import type { Case } from "../case.ts";
import { cut, heart, hex, thrownBy } from "../tools.ts";

const events = [
  ": a comment",
  "event: greeting",
  "id: 7",
  "data: Hello",
  "data:you",
  "",
  "data",
  "data:  two spaces",
  "retry: 1500",
  "retry: soon",
  "",
  "id: nul\u0000",
  "id",
  "data: é😀",
  "unknown: field",
  "error: bare",
  "",
  "event: nothing",
  "",
  "data: the end cut this o",
].join("\n");

export const sse: readonly Case[] = [
  {
    name: "splitSSE: fields, comments, retries and other lines, in order, cut anywhere",
    run(note) {
      for (const eol of ["\n", "\r", "\r\n"]) {
        const all = events.replaceAll("\n", eol);
        const read = (chunks: string[], tail: "dispatch" | "discard"): unknown[] => {
          const log: unknown[] = [];
          const stage = splitSSE({
            tail,
            onComment: (comment) => log.push({ comment }),
            onRetry: (retry) => log.push({ retry }),
            onOther: (other) => log.push({ other }),
          });
          return heart(stage, chunks, log);
        };
        const whole = read([all], "dispatch");
        note(`ends in ${JSON.stringify(eol)}`, whole);
        note("its tail discarded", read([all], "discard"));
        for (const size of [1, 2, 3, 7]) note.is(`by ${size}`, read(cut(all, size), "dispatch"), whole);
      }
    },
  },
  {
    name: "splitSSE: limits at the same character for every cut",
    run(note) {
      const all = "data: ok\n\nevent: x\ndata: 123\ndata: 456789\n\n";
      for (const size of [1, 2, 5, 100]) note(`by ${size}`, heart(splitSSE({ maxEventLength: 13 }), cut(all, size)));
      note("a mark is data", heart(splitSSE(), ["\ufeffdata: a\n\n"]));
      note("no text", heart(splitSSE(), [new Uint8Array(1)]));
      note(
        "a limit that cannot be meant",
        thrownBy(() => splitSSE({ maxEventLength: Number.NaN })),
      );
      note(
        "a tail that cannot be meant",
        thrownBy(() => splitSSE({ tail: "keep" as "discard" })),
      );
    },
  },
  {
    name: "encodeSSE: what it writes, byte for byte, and what it refuses",
    run(note) {
      const written = (chunks: unknown[], options = {}): unknown[] =>
        heart(encodeSSE(options), chunks).map((each) => (each instanceof Uint8Array ? hex(each) : each));
      note("strings", written(["a", "b\nc\r\nd\re", "", "é😀\ud83d"]));
      note(
        "events",
        written([{ event: "e", data: "d", id: "1" }, { data: "same id", id: "1" }, { event: "e" }, { id: "2" }]),
      );
      note("options", written(["a"], { retry: 5, sentinel: "[DONE]" }));
      note("only a sentinel", written([], { sentinel: "" }));
      for (const forged of [{ event: "a\nb" }, { id: "a\rb", data: "" }, { id: "\u0000" }, {}, 5, null, { data: 5 }]) {
        note(`refused: ${JSON.stringify(forged)}`, written(["before", forged, "behind"]));
      }
      note("options that cannot be meant", [
        thrownBy(() => encodeSSE({ retry: -1 })),
        thrownBy(() => encodeSSE({ sentinel: 5 as unknown as string })),
      ]);
    },
  },
  {
    name: "encodeLines: what it writes, and what it refuses",
    run(note) {
      const written = (chunks: unknown[], options = {}): unknown[] =>
        heart(encodeLines(options), chunks).map((each) => (each instanceof Uint8Array ? hex(each) : each));
      note("values", written([{ a: [1, "é\n"] }, null, -0, "\ud83d", true]));
      note("a value that is no JSON", written([1, undefined, 2]));
      note("a function of one's own", written([1, 2], { stringify: (value: unknown) => `<${String(value)}>` }));
      note("a line's end in it", written([1], { stringify: () => "a\nb" }));
      note(
        "no function",
        thrownBy(() => encodeLines({ stringify: 5 as unknown as () => string })),
      );
    },
  },
  {
    name: "filterEmpty: what is dropped, kept and required",
    run(note) {
      const frames = ["", " ", "\n", "\u0000\u001f", "a", " [DONE] ", "b", "\u00a0", "\u0085", "0"];
      note("strings", heart(filterEmpty(), frames));
      note("white space kept", heart(filterEmpty({ whitespace: "keep" }), frames));
      const eventsOf = frames.map((data) => ({ event: "message", data, id: "" }));
      note("events", heart(filterEmpty(), eventsOf));
      note("sentinels of one's own", heart(filterEmpty({ sentinels: ["b", "a"] }), frames));
      note("required and there", heart(filterEmpty({ requireSentinel: true }), frames));
      note("required and missing", heart(filterEmpty({ requireSentinel: true, sentinels: ["x", "y"] }), frames));
      note("neither string nor event", heart(filterEmpty(), [{ text: "a" }]));
      note("options that cannot be meant", [
        thrownBy(() => filterEmpty({ sentinels: "[DONE]" as unknown as string[] })),
        thrownBy(() => filterEmpty({ sentinels: [], requireSentinel: true })),
        thrownBy(() => filterEmpty({ whitespace: "maybe" as "keep" })),
      ]);
    },
  },
  {
    name: "what the encoders write, the readers read back",
    run(note) {
      const written = [{ a: "é\r\n😀" }, [1, -0.5, 1e21], "", null, { __proto__: null, b: "\u2028" }];
      const joinedText = (log: unknown[]): string =>
        new TextDecoder().decode(Uint8Array.from(log.flatMap((each) => (each instanceof Uint8Array ? [...each] : []))));
      const ndjson = joinedText(heart(encodeLines(), written));
      note.is("lines", heart(fuse(splitLines(), bufferParse()), cut(ndjson, 3)), [
        ...JSON.parse(JSON.stringify(written)),
        "end",
      ]);
      const sse = joinedText(
        heart(
          encodeSSE(),
          written.map((value) => JSON.stringify(value)),
        ),
      );
      note.is("events", heart(fuse(splitSSE(), bufferParse()), cut(sse, 3)), [
        ...JSON.parse(JSON.stringify(written)),
        "end",
      ]);
    },
  },
];
