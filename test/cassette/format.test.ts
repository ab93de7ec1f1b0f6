// The format: what is written is read back to the byte, a line is a line, and what was broken off is read up to there.
import fc from "fast-check";
import { SluiceError } from "sluice";
import { type Cassette, formatCassette, isCassette, parseCassette } from "sluice/cassette";
import { describe, expect, test } from "vitest";
import { utf8ish } from "../support/arbitraries.ts";
import { thrownBy } from "../support/thrown.ts";
import { anyCassette } from "./cassettes.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (text: string): string[] => text.split("\n").slice(0, -1);
const chunkLineOf = (bytes: Uint8Array): unknown =>
  JSON.parse(lines(formatCassette({ header: { cassette: 1 }, chunks: [{ at: 1, bytes }] }))[1] ?? "");

test("what is written is read back", () => {
  fc.assert(
    fc.property(anyCassette, (cassette) => {
      expect(parseCassette(formatCassette(cassette))).toEqual(cassette);
    }),
  );
});

test("what is read is written again to the letter", () => {
  fc.assert(
    fc.property(anyCassette, (cassette) => {
      const text = formatCassette(cassette);
      expect(formatCassette(parseCassette(text))).toBe(text);
    }),
  );
});

test("broken off anywhere, it is read up to its last whole line", () => {
  fc.assert(
    fc.property(anyCassette, fc.nat(), (cassette, place) => {
      const bytes = encode(formatCassette(cassette));
      const broken = bytes.subarray(0, place % (bytes.length + 1));
      const whole = broken.filter((byte) => byte === 0x0a).length;
      if (whole === 0) {
        const error = thrownBy(() => parseCassette(broken));
        const code = broken.length < '{"cassette":'.length ? "malformed" : "truncated";
        expect(error).toMatchObject({ name: "SluiceError", code });
        return;
      }
      const expected: Cassette = { header: cassette.header, chunks: cassette.chunks.slice(0, whole - 1) };
      const isOver = whole === cassette.chunks.length + 2;
      expect(parseCassette(broken)).toEqual(isOver ? cassette : expected);
    }),
  );
});

test("each line is one line of printable JSON, in every editor and terminal", () => {
  fc.assert(
    fc.property(anyCassette, (cassette) => {
      const text = formatCassette(cassette);
      expect(lines(text)).toHaveLength(1 + cassette.chunks.length + (cassette.end === undefined ? 0 : 1));
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\ufeff]/u);
      expect(isCassette(text) && isCassette(encode(text))).toBe(true);
    }),
  );
});

describe("a chunk's bytes are text as far as they are UTF-8", () => {
  test.for<[string, Uint8Array, object]>([
    ["text", encode('data: {"a":"é"}\r\n\n'), { at: 1, text: 'data: {"a":"é"}\r\n\n' }],
    ["nothing", new Uint8Array(), { at: 1, text: "" }],
    ["a byte order mark", encode("\ufeff1"), { at: 1, text: "\ufeff1" }],
    ["a character cut at its end", encode("a€").subarray(0, 3), { at: 1, text: "a", tail: "4oI=" }],
    ["a character cut at its beginning", encode("€a").subarray(2), { at: 1, head: "rA==", text: "a" }],
    ["both", encode("€a€").subarray(2, 5), { at: 1, head: "rA==", text: "a", tail: "4g==" }],
    ["one byte of a character", encode("€").subarray(1, 2), { at: 1, base64: "gg==" }],
    ["the beginning of a character", encode("😀").subarray(0, 3), { at: 1, base64: "8J+Y" }],
    ["what is no text", Uint8Array.of(0xff, 0x61), { at: 1, base64: "/2E=" }],
  ])("%s", ([, bytes, line]) => expect(chunkLineOf(bytes)).toEqual(line));

  test("whatever they are", () => {
    fc.assert(
      fc.property(fc.oneof(utf8ish, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        const cassette: Cassette = { header: { cassette: 1 }, chunks: [{ at: 0, bytes }] };
        expect(parseCassette(formatCassette(cassette)).chunks[0]?.bytes).toEqual(bytes);
      }),
    );
  });

  test("a chunk of a megabyte, text or not", () => {
    for (const byte of [0x61, 0xff]) {
      const bytes = new Uint8Array(1024 * 1024).fill(byte);
      const cassette: Cassette = { header: { cassette: 1 }, chunks: [{ at: 0, bytes }] };
      expect(parseCassette(formatCassette(cassette)).chunks[0]?.bytes.every((each) => each === byte)).toBe(true);
    }
  });
});

describe("what is no cassette says where and why", () => {
  const header = '{"cassette":1}\n';
  const headed = (response: object): string => `${JSON.stringify({ cassette: 1, response })}\n`;
  test.for<[string, string, string, number, string]>([
    ["nothing", "", "malformed", 0, 'begins with {"cassette":1'],
    ["an event stream", "data: 1\n\n", "malformed", 0, "Line 1"],
    ["another version", '{"cassette":2}\n', "malformed", 0, "version 1"],
    ["other JSON", '{"at":1,"text":""}\n', "malformed", 0, 'begins with {"cassette":1'],
    ["its first line is not whole", '{"cassette":1,"req', "truncated", 18, "first line"],
    ["a line that is no JSON", `${header}{"at":1,"text":"\n`, "malformed", 15, "Line 2"],
    ["a line that is no object", `${header}[1]\n`, "malformed", 15, "JSON object"],
    ["a chunk without a time", `${header}{"text":"é"}\n`, "malformed", 15, '"at" must be'],
    ["a time that never comes", `${header}{"at":1e999,"text":""}\n`, "malformed", 15, '"at" must be'],
    ["a chunk without bytes", `${header}{"at":1}\n`, "malformed", 15, '"text" must be'],
    ["base64 that is none", `${header}{"at":1,"base64":"*"}\n`, "malformed", 15, '"base64" must be base64'],
    ["an unknown end", `${header}{"at":1,"end":"bang"}\n`, "malformed", 15, '"closed"'],
    ["a line behind the end", `${header}{"at":1,"end":"closed"}\n{}\n`, "malformed", 39, "Line 3"],
    ["two in one file", `${header}${header}`, "malformed", 15, "second cassette"],
    [
      "headers that are no texts",
      '{"cassette":1,"request":{"headers":{"a":1}}}\n',
      "malformed",
      0,
      '"headers" must be',
    ],
    [
      "a value that no header has",
      headed({ headers: { "content-type": "a\nb" } }),
      "malformed",
      0,
      '"headers" must be',
    ],
    ["a name that no header has", headed({ headers: { "content type": "" } }), "malformed", 0, '"headers" must be'],
    ["a status that no response has", headed({ status: 9999 }), "malformed", 0, '"status" must be'],
    ["a status without a response", headed({ status: 101 }), "malformed", 0, '"status" must be'],
  ])("%s", ([, content, code, offset, message]) => {
    for (const form of [content, encode(content)]) {
      const error = thrownBy(() => parseCassette(form));
      expect(error).toBeInstanceOf(SluiceError);
      expect(error).toMatchObject({ code, offset, message: expect.stringContaining(message) as unknown });
    }
  });

  test("a line that is no UTF-8, whose body would be another one", () => {
    const latin1 = Uint8Array.from(`${header}{"at":1,"text":"\xe9"}\n`, (character) => character.charCodeAt(0));
    const error = thrownBy(() => parseCassette(latin1));
    expect(error).toMatchObject({ code: "malformed", offset: 15, raw: '{"at":1,"text":"\ufffd"}' });
    expect(error).toMatchObject({ message: expect.stringContaining("Line 2") as unknown });
  });

  test("what is neither text nor bytes is a TypeError", () => {
    expect(() => parseCassette(5 as unknown as string)).toThrow(TypeError);
  });

  test.for([["data: 1"], ["{}"], [""], ['{ "cassette":1}']])("isCassette(%j) is false", ([content = ""]) => {
    expect(isCassette(content) || isCassette(encode(content))).toBe(false);
  });
});

test("what an editor does to it is forgiven: CRLF, a byte order mark, members that are not known", () => {
  const text = '\ufeff{"cassette":1,"note":"mine"}\r\n{"at":1,"text":"a","shown":true}\r\n{"at":2,"end":"closed"}\r\n';
  const expected: Cassette = {
    header: { cassette: 1 },
    chunks: [{ at: 1, bytes: encode("a") }],
    end: { at: 2, how: "closed" },
  };
  expect(isCassette(text) && isCassette(encode(text))).toBe(true);
  expect(parseCassette(text)).toEqual(expected);
});
