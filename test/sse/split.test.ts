import { SluiceError, splitSSE } from "sluice";
import { describe, expect, test } from "vitest";
import { replicateBody } from "../fixtures/index.ts";
import { valuesOf } from "../support/run.ts";
import { thrownBy } from "../support/thrown.ts";

const events = (text: string, options?: Parameters<typeof splitSSE>[0]): unknown[] =>
  valuesOf(splitSSE(options), [text]);
const message = (data: string, id = ""): object => ({ event: "message", data, id });

describe("the tail of the stream", () => {
  const tails = ["data: a", "data: a\n", "data: a\r", "data: a\r\n"];

  test("is dispatched, line end and empty line or not", () => {
    for (const tail of tails) {
      expect(events(tail)).toEqual([message("a")]);
      expect(events(`data: x\n${tail}`, { tail: "dispatch" })).toEqual([message("x\na")]);
      expect(events(`data: x\n\nevent: e\nid: 7\n${tail}`)).toEqual([message("x"), { event: "e", data: "a", id: "7" }]);
    }
  });

  test("is discarded when it should be as in the standard", () => {
    for (const tail of tails) expect(events(`data: x\n\n${tail}`, { tail: "discard" })).toEqual([message("x")]);
  });

  test("that holds no data is nothing", () => {
    for (const tail of ["", "\n", "event: e", "id: 1", ": comment", "dat", "retry: 1"])
      expect(events(tail)).toEqual([]);
    expect(events("data")).toEqual([message("")]);
  });

  test("tells its comment and its retry", () => {
    const seen: unknown[] = [];
    const observers = { onComment: (text: string) => seen.push(text), onRetry: (ms: number) => seen.push(ms) };
    events("retry: 10\n: a comment", observers);
    events("retry: 20", observers);
    expect(seen).toEqual([10, "a comment", 20]);
  });
});

test("comments are told with one leading space dropped, and retries as they come", () => {
  const seen: unknown[] = [];
  events(": one\n:two\n:  three\n:\nretry: 5\ndata: x\n: four\n\nretry: no\n", {
    onComment: (text) => seen.push(text),
    onRetry: (milliseconds) => seen.push(milliseconds),
  });
  expect(seen).toEqual(["one", "two", " three", "", 5, "four"]);
});

test("data that is no JSON arrives as it is, with its ids and names", () => {
  expect(events(replicateBody)).toEqual([
    { event: "output", data: "", id: "1:0" },
    { event: "output", data: "Why\n\n did", id: "1:1" },
    { event: "done", data: "{}", id: "1:2" },
  ]);
});

test("a byte order mark in text is data: the decoder drops the one of the bytes", () => {
  expect(events("\ufeffdata: a\n\ndata: \ufeffb\n\n")).toEqual([message("\ufeffb")]);
});

describe("maxEventLength", () => {
  test("allows exactly as many characters of data and line in progress", () => {
    expect(events("data: 12345\n\ndata: 12345\r\n\r\n", { maxEventLength: 11 }).length).toBe(2);
    expect(events("data: 1\ndata: 2\n\n", { maxEventLength: 9 }).length).toBe(1);
    expect(events(`data: ${"x".repeat(100_000)}\n\n`, { maxEventLength: Number.POSITIVE_INFINITY }).length).toBe(1);
  });

  test("says where the event began and what it held, up to the first character too many", () => {
    const text = `data: 1\n\n: c\ndata: 12\ndata: 345678`;
    expect(thrownBy(() => events(text, { maxEventLength: 11 }))).toMatchObject({
      code: "too-long",
      offset: 9,
      raw: "12\ndata: 3456",
      message: expect.stringContaining("maxEventLength (11)"),
    });
    expect(thrownBy(() => events("event: a long name\n", { maxEventLength: 10 }))).toMatchObject({
      offset: 0,
      raw: "event: a lo",
    });
    expect(thrownBy(() => events(`: ${"c".repeat(50)}`, { maxEventLength: 10 }))).toMatchObject({
      code: "too-long",
      offset: 0,
    });
  });

  test("counts the line ends between data lines, which are data: empty lines come to an end too", () => {
    const lines = (count: number): string => "data:\n".repeat(count);
    // Of 20 characters, 5 are the line in progress: 15 line ends leave room for it, and 16 do not.
    expect(events(`${lines(17)}\n`, { maxEventLength: 20 })).toEqual([message("\n".repeat(16))]);
    expect(thrownBy(() => events(lines(18), { maxEventLength: 20 }))).toMatchObject({
      code: "too-long",
      offset: 0,
      raw: `${"\n".repeat(17)}data:`,
    });
  });

  test("holds without being told", () => {
    const half = "x".repeat(2 ** 24);
    const hearts = splitSSE().connect({ push() {}, end() {} });
    hearts.push("data: ");
    hearts.push(half);
    expect(thrownBy(() => hearts.push(half))).toBeInstanceOf(SluiceError);
  });

  test("is no 64 KB, and no 8 MB: one line can be as long as an image", () => {
    const image = "A".repeat(9 * 2 ** 20);
    expect(events(`data: ${image}\n\n`)).toEqual([message(image)]);
  });
});

describe("a TypeError says what is accepted", () => {
  const wrong: [value: unknown, says: RegExp][] = [
    [new Uint8Array(1), /splitSSE takes strings.*Uint8Array.*decode\(\)/],
    [null, /splitSSE takes strings.*null/],
    [1, /splitSSE takes strings; got 1/],
    [{ data: "a" }, /splitSSE takes strings.*object/],
  ];
  test("for chunks", () => {
    for (const [chunk, says] of wrong) expect(() => valuesOf(splitSSE(), [chunk])).toThrow(says);
    for (const [chunk] of wrong) expect(() => valuesOf(splitSSE(), [chunk])).toThrow(TypeError);
  });

  test("for options", () => {
    const options: [options: object, says: RegExp][] = [
      [{ tail: "keep" }, /tail must be "dispatch" or "discard"; got "keep"/],
      [{ maxEventLength: 0 }, /maxEventLength must be .*Infinity; got 0/],
      [{ maxEventLength: Number.NaN }, /maxEventLength/],
      [{ maxEventLength: "9" }, /maxEventLength/],
      [{ onComment: 1 }, /onComment must be a function/],
      [{ onRetry: "x" }, /onRetry must be a function/],
    ];
    for (const [option, says] of options) {
      expect(() => splitSSE(option)).toThrow(TypeError);
      expect(() => splitSSE(option)).toThrow(says);
    }
  });
});
