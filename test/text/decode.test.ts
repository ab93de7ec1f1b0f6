import { decode, SluiceError } from "sluice";
import { describe, expect, test } from "vitest";
import { encode } from "../support/pipelines.ts";
import { runHearts, valuesOf } from "../support/run.ts";
import { thrownBy } from "../support/thrown.ts";

const textOf = (...chunks: unknown[]): string => valuesOf(decode(), chunks).join("");

test("bytes come in an ArrayBuffer, a SharedArrayBuffer, or any view of one, at any place in it", () => {
  const bytes = Uint8Array.from([0xff, 0xff, ...encode("aé😀"), 0xff]);
  const from = 2;
  const length = 7;
  const shared = new SharedArrayBuffer(length);
  new Uint8Array(shared).set(bytes.subarray(from, from + length));
  const chunks = [
    bytes.subarray(from, from + length),
    new Uint8ClampedArray(bytes.buffer, from, length),
    new DataView(bytes.buffer, from, length),
    bytes.slice(from, from + length).buffer,
    shared,
    new Uint8Array(shared),
    Buffer.from("aé😀"),
  ];
  for (const chunk of chunks) expect(textOf(chunk)).toBe("aé😀");
  expect(textOf(new Uint16Array([0x6161]))).toBe("aa");
});

test("a chunk may be written over once it has been read", () => {
  const chunk = new Uint8Array(2);
  const parts: string[] = [];
  const sink = decode().connect({ push: (text) => parts.push(text), end() {} });
  for (const [first, second] of [
    [0x61, 0xf0],
    [0x9f, 0x98],
    [0x80, 0x62],
  ]) {
    chunk.set([first ?? 0, second ?? 0]);
    sink.push(chunk);
  }
  sink.end();
  expect(parts.join("")).toBe("a😀b");
});

describe("strings", () => {
  test("pass through as they are, U+FEFF and lone surrogates included", () => {
    expect(valuesOf(decode(), ["\ufeffa", "\ud83d", "\ude00"])).toEqual(["\ufeffa", "\ud83d", "\ude00"]);
  });

  test("end a character that bytes before them began", () => {
    expect(textOf(Uint8Array.of(0xf0, 0x9f), "a", Uint8Array.of(0x98, 0x80))).toBe("\ufffda\ufffd\ufffd");
  });

  test("make what follows no longer the beginning: a BOM of bytes behind them is data", () => {
    expect(textOf("a", encode("\ufeffb"))).toBe("a\ufeffb");
    expect(textOf("", encode("\ufeffb"))).toBe("b");
  });
});

test("nothing in gives nothing out, and no empty strings", () => {
  expect(valuesOf(decode(), [])).toEqual([]);
  expect(valuesOf(decode(), ["", new Uint8Array(0), encode("\ufeff"), Uint8Array.of(0xc3), ""])).toEqual(["\ufffd"]);
});

describe("fatal", () => {
  const read = (...chunks: unknown[]): object => runHearts(() => [decode({ fatal: true })], { chunks }).transcript;

  test("delivers the text before the ill-formed sequence, and says where it begins in bytes and what it is", () => {
    expect(read(encode("aé"), Uint8Array.of(0x62, 0xff, 0x63))).toMatchObject({
      values: ['"aé"', '"b"'],
      error: { code: "ill-formed", offset: 4, raw: "ff", message: expect.stringMatching(/byte 4.*ff/) },
    });
    expect(read(Uint8Array.of(0x61, 0xf0, 0x9f), Uint8Array.of(0x98, 0x61))).toMatchObject({
      values: ['"a"'],
      error: { offset: 1, raw: "f0 9f 98" },
    });
  });

  test("says what the end of the stream cut off", () => {
    expect(read(encode("€").subarray(0, 2))).toMatchObject({
      values: [],
      error: { code: "ill-formed", offset: 0, raw: "e2 82" },
    });
    expect(read(encode("\ufffd").subarray(0, 2))).toMatchObject({
      error: { code: "ill-formed", offset: 0, raw: "ef bf" },
    });
  });

  test("counts a byte order mark", () => {
    expect(read(encode("\ufeff"), Uint8Array.of(0x80))).toMatchObject({ error: { offset: 3, raw: "80" } });
  });

  test("takes U+FFFD itself for what it is", () => {
    expect(read(encode("\ufffda"), Uint8Array.of(0xff))).toMatchObject({
      values: ['"\ufffda"'],
      error: { offset: 4, raw: "ff" },
    });
  });

  test("its error knows its cause", () => {
    const error = thrownBy(() => valuesOf(decode({ fatal: true }), [Uint8Array.of(0xff)]));
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ name: "SluiceError", cause: expect.any(TypeError) });
  });
});

test("a chunk that is neither is a TypeError that says what is accepted", () => {
  for (const chunk of [1, null, undefined, {}, [1, 2]]) {
    expect(() => valuesOf(decode(), [chunk])).toThrow(TypeError);
    expect(() => valuesOf(decode(), [chunk])).toThrow(/decode takes bytes or strings; got /);
  }
});

test("no TextDecoderStream is needed", () => {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "TextDecoderStream");
  Reflect.deleteProperty(globalThis, "TextDecoderStream");
  try {
    expect(textOf(encode("é").subarray(0, 1), encode("é").subarray(1))).toBe("é");
  } finally {
    if (descriptor !== undefined) Object.defineProperty(globalThis, "TextDecoderStream", descriptor);
  }
});
