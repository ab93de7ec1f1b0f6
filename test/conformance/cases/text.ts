import { decode, filter, map, splitLines, tap } from "sluice";
import type { Case } from "../case.ts";
import { cut, heart, thrownBy, utf8 } from "../tools.ts";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const BOM = [0xef, 0xbb, 0xbf];

export const text: readonly Case[] = [
  {
    name: "decode: characters cut anywhere",
    run(note) {
      const all = utf8("aé€😀\u0000\u2028z");
      for (let at = 0; at <= all.length; at++) {
        note.is(`cut at ${at}`, join(heart(decode(), [all.slice(0, at), all.slice(at)])), "aé€😀\u0000\u2028z");
      }
      note("byte by byte", heart(decode(), cut(all, 1)));
    },
  },
  {
    name: "decode: exactly one byte order mark, also where it is cut",
    run(note) {
      const marked = bytes(...BOM, ...BOM, 0x61);
      for (let size = 1; size <= marked.length; size++) {
        note.is(`by ${size}`, join(heart(decode(), cut(marked, size))), "\ufeffa");
        note.is(`by ${size}, fatal`, join(heart(decode({ fatal: true }), cut(marked, size))), "\ufeffa");
      }
      note.is("the mark alone", heart(decode(), cut(bytes(...BOM), 1)), ["end"]);
      note.is("half of it", heart(decode(), [bytes(0xef, 0xbb)]), ["\ufffd", "end"]);
      note.is("in a string it is data", heart(decode(), ["\ufeffa"]), ["\ufeffa", "end"]);
    },
  },
  {
    name: "decode: what is not UTF-8",
    run(note) {
      const illFormed: Record<string, number[]> = {
        "a lone continuation": [0x61, 0x80, 0x62],
        "an overlong form": [0xc0, 0x80],
        "half a character, then another": [0xe2, 0x82, 0xe2, 0x82, 0xac],
        "a surrogate": [0xed, 0xa0, 0x80],
        "past the last character": [0xf4, 0x90, 0x80, 0x80],
        "never a byte of UTF-8": [0xff, 0xfe],
        "cut off": [0x61, 0xf0, 0x9f, 0x98],
        "U+FFFD itself before it": [0xef, 0xbf, 0xbd, 0xc3, 0x28],
      };
      for (const [name, values] of Object.entries(illFormed)) {
        for (const size of [1, 2, 9]) {
          note(`${name}, by ${size}`, join(heart(decode(), cut(bytes(...values), size))));
          note(`${name}, by ${size}, fatal`, heart(decode({ fatal: true }), cut(bytes(...values), size)));
        }
      }
    },
  },
  {
    name: "decode: bytes in any form, and strings among them",
    run(note) {
      const all = utf8("xé€y");
      const inner = all.subarray(1, 6);
      note.is("a buffer", heart(decode(), [all.buffer]), ["xé€y", "end"]);
      note.is("a part of one", heart(decode(), [inner]), ["é€", "end"]);
      note.is("a DataView", heart(decode(), [new DataView(all.buffer, 1, 5)]), ["é€", "end"]);
      note.is("other views", heart(decode(), [new Uint16Array(utf8("abcd").buffer)]), ["abcd", "end"]);
      note.is("none", heart(decode(), [bytes(), "", bytes()]), ["end"]);
      note.is("a string behind half a character", heart(decode(), [bytes(0xe2, 0x82), "a"]), ["\ufffd", "a", "end"]);
      note("neither", heart(decode(), [5]));
      note("null", heart(decode(), [null]));
      note(
        "an option that cannot be meant",
        thrownBy(() => decode({ fatal: "no" as unknown as boolean })),
      );
    },
  },
  {
    name: "splitLines: LF and CRLF, cut anywhere",
    run(note) {
      const all = "a\r\nb\u2028c\n\n\rd\re\n\r\nlast\r";
      for (let at = 0; at <= all.length; at++) {
        note(`cut at ${at}`, heart(splitLines(), [all.slice(0, at), all.slice(at)]));
      }
      note("limits", [
        heart(splitLines({ maxLineLength: 3 }), ["abc\r\nab", "cd\n"]),
        heart(splitLines({ maxLineLength: 3 }), cut("abc\r\nabcd\n", 1)),
        heart(splitLines({ maxLineLength: 3 }), ["ab", "cd"]),
      ]);
      note("no text", heart(splitLines(), [utf8("a")]));
      note(
        "a limit that cannot be meant",
        thrownBy(() => splitLines({ maxLineLength: 0 })),
      );
    },
  },
  {
    name: "map, filter, tap: values, order and what they throw",
    run(note) {
      const log: unknown[] = [];
      const seen = tap((value: number) => void log.push(`saw ${value}`));
      note("tap comes first", heart(seen, [1, 2], log));
      note(
        "map",
        heart(
          map((value: number) => ({ value })),
          [1, 2],
        ),
      );
      note(
        "filter",
        heart(
          filter((value: number) => value % 2 === 1),
          [1, 2, 3],
        ),
      );
      const fail = (value: number): number => {
        if (value === 2) throw new RangeError("two");
        return value;
      };
      note("map throws", heart(map(fail), [1, 2, 3]));
      note(
        "filter throws",
        heart(
          filter((value: number) => fail(value) > 0),
          [1, 2, 3],
        ),
      );
      note(
        "tap throws",
        heart(
          tap((value: number) => void fail(value)),
          [1, 2, 3],
        ),
      );
      const none = undefined as unknown as () => true;
      note("no function", [thrownBy(() => map(none)), thrownBy(() => filter(none)), thrownBy(() => tap(none))]);
    },
  },
];

function join(log: unknown[]): string {
  return log.filter((each) => each !== "end").join("");
}
