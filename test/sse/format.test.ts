import { type ServerSentEvent, splitSSE } from "sluice";
import { describe, expect, test } from "vitest";
import { pieces, someCuts } from "../support/cuts.ts";
import { encode } from "../support/pipelines.ts";
import { valuesOf } from "../support/run.ts";
import { decode } from "../support/watched.ts";

// The assertions of the web platform's tests `eventsource/format-*`, written anew from the standard. Each is read from bytes,
// whole and cut, with the standard's tail.

interface Expected {
  events: Partial<ServerSentEvent>[];
  retries?: number[];
}

function assertRead(body: string | Uint8Array, { events, retries = [] }: Expected): void {
  const bytes = typeof body === "string" ? encode(body) : body;
  for (const { name, at } of someCuts(bytes)) {
    const seen: number[] = [];
    const splitter = splitSSE({ tail: "discard", onRetry: (milliseconds) => seen.push(milliseconds) });
    expect(valuesOf([decode(), splitter], pieces(bytes, at)), name).toMatchObject(events);
    expect(seen, name).toEqual(retries);
  }
}

const data = (...texts: string[]): Expected => ({ events: texts.map((text) => ({ event: "message", data: text })) });

describe("byte order marks", () => {
  test("one at the beginning is dropped", () => {
    assertRead("\ufeffdata:1\n\n\ufeffdata:2\n\ndata:3\n\n", data("1", "3"));
  });
  test("the second of two is part of a field's name", () => {
    assertRead("\ufeff\ufeffdata:1\n\ndata:2\n\ndata:3\n\n", data("2", "3"));
  });
});

test("comments are no data, however long and wherever they stand", () => {
  const long = "x".repeat(2 * 1024);
  assertRead(`data:1\r:\0\n:\r\ndata:2\n:${long}\rdata:3\n:data:fail\r:${long}\ndata:4\n\n`, data("1\n2\n3\n4"));
});

test("an event without its final empty line is discarded", () => {
  assertRead("retry:1000\ndata:test1\n\nid:test\ndata:test2", { ...data("test1"), retries: [1000] });
});

describe("data", () => {
  test("lines are joined, and a field without a colon is an empty line", () => {
    assertRead("data:\n\ndata\ndata\n\ndata:test\n\n", data("", "\n", "test"));
  });
  test("its value begins behind one space", () => {
    assertRead("data:\ttest\rdata: \ndata:test\n\n", data("\ttest\n\ntest"));
  });
  test("what parses to nothing is nothing", () => {
    assertRead("\n\n:\n\nevent: x\n\nid: y\n\n", { events: [] });
  });
});

describe("event", () => {
  test("names the event, and only that one", () => {
    assertRead("event:test\ndata:x\n\ndata:x\n\n", {
      events: [
        { event: "test", data: "x" },
        { event: "message", data: "x" },
      ],
    });
  });
  test("empty, it is a message", () => {
    assertRead("event: \ndata:data\n\n", data("data"));
    assertRead("event:test\nevent\ndata:data\n\n", data("data"));
  });
  test("of an event without data, it is not the next one's", () => {
    assertRead("event:test\n\ndata:x\n\n", data("x"));
  });
});

describe("id", () => {
  const ids = (body: string, expected: string[]): void => assertRead(body, { events: expected.map((id) => ({ id })) });

  test("stays until it changes", () => {
    ids("id: 1\ndata: a\n\ndata: b\n\nid: …\ndata: c\n\ndata: d\n\n", ["1", "1", "…", "…"]);
  });
  test("stays over events without data, and is taken from them", () => {
    ids("id: 1\n\ndata: a\n\nid: 2\n:\n\n\ndata: b\n\n", ["1", "2"]);
  });
  test("empty, it is taken away", () => {
    ids("id: 1\ndata: a\n\nid\ndata: b\n\nid:\ndata: c\n\ndata: d\n\n", ["1", "", "", ""]);
  });
  test("with a NUL in it, it is ignored", () => {
    ids("id: 1\ndata: a\n\nid: a\0b\ndata: b\n\nid: \0\ndata: c\n\nid:x\0\ndata: d\n\n", ["1", "1", "1", "1"]);
  });
  test("may hold anything else", () => {
    ids("id:  a b:c \ndata: a\n\n", [" a b:c "]);
  });
});

test("fields are known by their exact names", () => {
  assertRead(
    "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
    data("\0\n 2\n1\n3\n\n4"),
  );
  assertRead(
    "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
    data("test\n\ntest"),
  );
});

describe("retry", () => {
  const retries = (body: string, expected: number[]): void => assertRead(body, { ...data("test"), retries: expected });

  test("of digits alone is told", () => retries("retry:03000\ndata:test\n\n", [3000]));
  test("of anything else is ignored", () => {
    retries("retry:3000\nretry:1000x\nretry: 1 \nretry:-1\nretry:1.5\nretry:٣\nretry:1e3\ndata:test\n\n", [3000]);
  });
  test("empty is ignored", () => retries("retry\nretry:\nretry: \ndata:test\n\n", []));
});

test("one leading space is dropped, and only a space", () => {
  assertRead(
    "data:\ttest\n\ndata: test\n\ndata:  test\n\ndata:\u00a0test\n\n",
    data("\ttest", "test", " test", "\u00a0test"),
  );
});

test("lines end in LF, CR and CRLF, and in nothing else", () => {
  assertRead("data:test\r\ndata\ndata:test\r\n\r", data("test\n\ntest"));
  assertRead("data:a\r\rdata:b\n\ndata:c\r\n\r\ndata:d\n\r\ndata:e\r\n\n", data("a", "b", "c", "d", "e"));
  assertRead("data:a\u2028b\u2029c\u0085d\u000be\u000cf\n\n", data("a\u2028b\u2029c\u0085d\u000be\u000cf"));
});

test("a NUL in data is data", () => {
  assertRead("data:\0\n\n\n\n", data("\0"));
});

test("the stream is UTF-8, whatever stands in it", () => {
  assertRead("data:ok…\n\n", data("ok…"));
  assertRead(Uint8Array.from([...encode("data:a"), 0xff, ...encode("\n\n")]), data("a\ufffd"));
});
