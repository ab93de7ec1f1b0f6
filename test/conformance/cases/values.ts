import { type BufferParseOptions, bufferParse, flow, SluiceError } from "sluice";
import type { Case } from "../case.ts";
import { cut, heart, thrownBy, told } from "../tools.ts";

/** Values and reports, in the order in which they come. */
function reading(frames: readonly unknown[], options: BufferParseOptions = {}): unknown[] {
  const log: unknown[] = [];
  return heart(bufferParse({ onError: (error) => log.push(told(error)), ...options }), frames, log);
}

const texts: Readonly<Record<string, string>> = {
  scalars: '0 -0 1.5e-7 1E400 true false null "" "\\u00e9\\n\\ud83d\\ude00" "\ud83d" 12345678901234567890',
  containers: '{}[]{"a":[1,{"b":null}],"__proto__":1,"":2}\n[[[]]]',
  "equal keys": '{"a":1,"a":2,"2":0,"1":0}',
  "white space": ' \t\r\n{ "a" : [ 1 , 2 ] } \n',
};

const broken: Readonly<Record<string, readonly string[]>> = {
  "a leading zero": ["01", '{"n":1}'],
  "a trailing comma": ['{"a":1,}', "[1,]", "[]"],
  "a bare word": ["oops", "tru", "nul l", "[]"],
  "an escape that is none": ['"\\x"', '"\\u12g4"', "[]"],
  "an unfinished fragment, with values inside": ['{"a":[', '{"b":1}', '{"c":', "oops", '{"d":2}'],
  "cut off at the end": ['{"a":', '"b'],
  "cut off, with a whole frame inside": ["[", '{"b":1}', "[2]"],
  "touching scalars": ["1 2", '1"a"', "true{}", "[]1"],
  "control characters": ['"a\u0001b"', "\u0000{}", '{"a":"\t"}', "\u0007"],
  "not JSON at all": ["<html>", "NaN", "'a'", "undefined"],
};

export const valuesOf: readonly Case[] = [
  {
    name: "bufferParse: values equal JSON.parse's, cut anywhere",
    run(note) {
      for (const [name, all] of Object.entries(texts)) {
        const whole = reading([all], { onError: "throw" });
        note(name, whole);
        for (let at = 0; at <= all.length; at++) {
          const chunks = [all.slice(0, at), all.slice(at)];
          note.is(`${name}, cut at ${at}`, heart(bufferParse({ framed: false }), chunks), whole);
        }
      }
      const events = [
        { event: "message", data: '{"a":', id: "" },
        { event: "x", data: "1}", id: "" },
      ];
      note.is("events", reading(events), [{ a: 1 }, "end"]);
    },
  },
  {
    name: "bufferParse: errors, with codes, offsets and raw text, and what comes behind them",
    run(note) {
      for (const [name, frames] of Object.entries(broken)) {
        note(name, reading(frames));
        note(`${name}, thrown`, reading(frames, { onError: "throw" }));
        note(`${name}, not framed`, heart(bufferParse({ framed: false }), frames));
        note(`${name}, no control characters`, reading(frames, { controlCharacters: "reject" }));
      }
    },
  },
  {
    name: "bufferParse: limits and integers",
    run(note) {
      const frames = ["[1,2,3]", "[[[1]]]", '"abcdef"', '{"a":', "12345}", "[9007199254740993]", "9007199254740993e0"];
      for (const options of [
        { maxValueLength: 6 },
        { maxDepth: 2 },
        { integers: "bigint" },
        { maxDepth: Number.POSITIVE_INFINITY },
      ] as const) {
        note(JSON.stringify(options), reading(frames, options));
        note(
          `${JSON.stringify(options)}, cut`,
          heart(bufferParse({ ...options, framed: false }), cut(frames.join("\n"), 4)),
        );
      }
      const deep = "[".repeat(1001);
      note("1,001 brackets", reading([deep]).length);
      note("1,001 brackets: the error", reading([deep.slice(0, 1000), "["], { maxDepth: 1000 }).length);
      note("options that cannot be meant", [
        thrownBy(() => bufferParse({ maxDepth: 0 })),
        thrownBy(() => bufferParse({ maxValueLength: "9" as unknown as number })),
        thrownBy(() => bufferParse({ integers: "string" as "bigint" })),
        thrownBy(() => bufferParse({ framed: false, onError: () => undefined })),
        thrownBy(() => bufferParse({ controlCharacters: true as unknown as "reject" })),
      ]);
      note("neither string nor event", reading([5, { data: 5 }]));
      note("bytes", reading([new Uint8Array(1)]));
    },
  },
  {
    name: "SluiceError: what it is made of",
    async run(note) {
      const error = new SluiceError("too-long", "words", { raw: "r", offset: 3, cause: "why" });
      note.is(
        "parts",
        [error.name, error.code, error.message, error.raw, error.offset, error.cause],
        ["SluiceError", "too-long", "words", "r", 3, "why"],
      );
      note.is("kinds", [error instanceof Error, error instanceof SluiceError], [true, true]);
      note.is("no cause", "cause" in new SluiceError("malformed", "", { raw: "", offset: 0 }), false);
      try {
        for await (const value of flow(["[1]", "{]"], bufferParse())) note("value", value);
      } catch (caught) {
        note.is("caught", caught instanceof SluiceError && [caught.code, caught.offset, caught.raw], [
          "malformed",
          4,
          "{]",
        ]);
      }
    },
  },
];
