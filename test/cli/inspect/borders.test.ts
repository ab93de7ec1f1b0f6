import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Borders, type Cut } from "../../../src/cli/inspect/borders.ts";

const utf8 = new TextEncoder();

/** What a border at each place in the text cuts, the text being cut nowhere else. */
function cutsIn(framing: string, body: string | Uint8Array): (Cut | "")[] {
  const bytes = typeof body === "string" ? utf8.encode(body) : body;
  return Array.from({ length: bytes.length - 1 }, (_, index) => {
    const borders = new Borders(framing);
    borders.push(bytes.subarray(0, index + 1));
    return borders.push(bytes.subarray(index + 1)) ?? "";
  });
}

/** The text with a mark at each border that cuts something: c(haracter), r(eturn), v(alue), l(ine), f(rame). */
function marked(framing: string, text: string): string {
  const marks: Record<Cut | "", string> = {
    character: "c",
    "line-end": "r",
    value: "v",
    line: "l",
    frame: "f",
    "": "-",
  };
  return cutsIn(framing, text)
    .map((cut) => marks[cut])
    .join("");
}

describe("what a border cuts", () => {
  test.for([
    ["sse", "data: [1]\n\nx", "llllllvvlf-"],
    ["sse", "data:é\r\n\r\ny", "lllllclrfr-"],
    ["sse", ":a\n\nevent: b\ndata:\n\n", "llf-llllllllflllllf"],
    ["lines", '{"a":1}\n{}\n[]', "vvvvvvl-vl-v"],
    ["json-array", '[{"a":"]"}\n,\r\n 12]', "-vvvvvvvv---r--v-"],
    ["unheard-of", "aé\r\n", "-c-r"],
  ])("in %s %j", ([framing = "", text = "", marks]) => expect(marked(framing, text)).toBe(marks));

  test("in an AWS event stream, whose frames begin with their length", () => {
    const frame = [0, 0, 0, 17, ...new Array<number>(13).fill(13)]; // carriage returns mean nothing here
    const cuts = cutsIn("aws-event-stream", Uint8Array.from([...frame, ...frame, 10]));
    expect(cuts.map((cut) => cut === "frame").lastIndexOf(false)).toBe(2 * frame.length - 1);
    expect(cuts.filter((cut) => cut === "")).toHaveLength(2);
    expect(cuts.filter((cut) => cut !== "frame" && cut !== "")).toEqual([]);
  });
});

test("what a border cuts does not depend on the other borders", () => {
  const piece = fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "data:",
    "data: ",
    '{"a":[1,"é🌊\\""]}',
    ":c",
    "[",
    "]",
    ",",
    "12",
    "\ufeff",
  );
  const framing = fc.constantFrom("sse", "lines", "json-array", "aws-event-stream", "other");
  fc.assert(
    fc.property(framing, fc.array(piece), fc.array(fc.nat({ max: 200 })), (name, pieces, at) => {
      const bytes = utf8.encode(pieces.join(""));
      if (bytes.length < 2) return;
      const each = cutsIn(name, bytes);
      const places = [...new Set(at)].filter((place) => place > 0 && place < bytes.length).sort((a, b) => a - b);
      const borders = new Borders(name);
      let from = 0;
      for (const place of [...places, bytes.length]) {
        const cut = borders.push(bytes.subarray(from, place)) ?? "";
        expect(cut).toBe(from === 0 ? "" : each[from - 1]);
        from = place;
      }
    }),
  );
});
