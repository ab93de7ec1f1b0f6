import fc from "fast-check";
import { encodeSSE, type ServerSentEvent, splitSSE } from "sluice";
import { describe, expect, test } from "vitest";
import { valuesOf } from "../support/run.ts";
import { decode } from "../support/watched.ts";

type Item = Partial<ServerSentEvent> | string;

const written = (items: readonly Item[], options?: Parameters<typeof encodeSSE>[0]): string =>
  valuesOf([encodeSSE(options), decode()], items).join("");

describe("what is written", () => {
  test("a string is an event with that data", () => {
    expect(written(["a", ""])).toBe("data: a\n\ndata: \n\n");
  });

  test("data is split at LF, CR and CRLF", () => {
    expect(written(["a\nb\rc\r\nd\n\re"])).toBe("data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n");
    expect(written(["\n"])).toBe("data: \ndata: \n\n");
  });

  test("an event is named unless it is a message", () => {
    expect(
      written([
        { event: "ping", data: "1" },
        { event: "message", data: "2" },
        { event: "", data: "3" },
      ]),
    ).toBe("event: ping\ndata: 1\n\ndata: 2\n\ndata: 3\n\n");
  });

  test("an id is written when it changes, the empty one too", () => {
    const ids = ["1", "1", "", "", "2"].map((id) => ({ data: "x", id }));
    expect(written(ids)).toBe("id: 1\ndata: x\n\ndata: x\n\nid: \ndata: x\n\ndata: x\n\nid: 2\ndata: x\n\n");
    expect(written([{ data: "x", id: "" }, { data: "y" }])).toBe("data: x\n\ndata: y\n\n");
  });

  test("without data and name there is no data line", () => {
    expect(written([{ id: "7" }])).toBe("id: 7\n\n");
    expect(valuesOf([encodeSSE(), decode(), splitSSE()], [{ id: "7" }, { data: "a" }])).toEqual([
      { event: "message", data: "a", id: "7" },
    ]);
  });

  test("retry first, once, and a sentinel last", () => {
    expect(written(["a", "b"], { retry: 0, sentinel: "[DONE]" })).toBe(
      "retry: 0\ndata: a\n\ndata: b\n\ndata: [DONE]\n\n",
    );
    expect(written([], { sentinel: "[DONE]" })).toBe("data: [DONE]\n\n");
  });
});

test("what is written is read back, line ends apart", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "é", "😀", " ", ":", "\t", "\0", "\n", "\r", "data: ", "\ufeff"),
  });
  const name = text.map((value) => value.replace(/[\r\n]/g, ""));
  const event = fc.record({ event: name, data: text, id: name.map((value) => value.replaceAll("\0", "")) });
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const expected = events.map(({ event, data, id }) => ({
        event: event === "" ? "message" : event,
        data: data.replace(/\r\n?/g, "\n"),
        id,
      }));
      expect(valuesOf([encodeSSE(), decode(), splitSSE({ tail: "discard" })], events)).toEqual(expected);
    }),
  );
});

describe("what would forge fields or events is refused with a TypeError that says why", () => {
  const refused: [item: unknown, says: RegExp][] = [
    [{ event: "a\nb" }, /event cannot hold a line end/],
    [{ event: "a\rdata: forged" }, /event cannot hold a line end/],
    [{ id: "1\n\ndata: forged" }, /id cannot hold a line end/],
    [{ id: "1\r" }, /id cannot hold/],
    [{ id: "a\0" }, /id cannot hold .*NUL/],
    [{ data: 1 }, /data must be a string; got 1/],
    [{ event: null }, /event must be a string; got null/],
    [null, /encodeSSE takes strings or events.*null/],
    [undefined, /encodeSSE takes strings or events.*undefined/],
    [7, /encodeSSE takes strings or events.*got 7/],
  ];
  for (const [item, says] of refused) {
    test(JSON.stringify(item) ?? "undefined", () => {
      expect(() => valuesOf(encodeSSE(), [item])).toThrow(TypeError);
      expect(() => valuesOf(encodeSSE(), [item])).toThrow(says);
    });
  }

  test("options", () => {
    for (const retry of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => encodeSSE({ retry })).toThrow(/retry must be a whole number/);
    }
    const options: object = { sentinel: 1 };
    expect(() => encodeSSE(options)).toThrow(/sentinel must be a string/);
    expect(() => encodeSSE({ retry: -1 })).toThrow(TypeError);
  });
});
