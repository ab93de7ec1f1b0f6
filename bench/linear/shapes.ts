import {
  bufferParse,
  chat,
  decode,
  filterEmpty,
  flow,
  partialJSON,
  type SluiceError,
  selectJSON,
  splitSSE,
} from "../sluice.ts";
import { every } from "../workloads/cut.ts";

/** A body made to be slow: if anything in the reader looks back, copies what it holds or searches twice, it shows here. */
export interface Shape {
  readonly name: string;
  readonly title: string;
  /** The smallest size, in what the title counts: a run of it takes long enough to be measured. */
  readonly n: number;
  readonly chunks: (n: number) => Uint8Array<ArrayBuffer>[];
  readonly read: (body: ReadableStream<Uint8Array>, onError: (error: SluiceError) => void) => AsyncIterable<unknown>;
  /** What comes out when it is read right: so many values and errors. */
  readonly expect: (n: number) => { values: number; errors: number };
}

type Read = Shape["read"];

const strict: Read = (body) => flow(body, decode(), splitSSE(), filterEmpty(), bufferParse());
const deep: Read = (body) => flow(body, decode(), splitSSE(), filterEmpty(), bufferParse({ maxDepth: Infinity }));
const lenient: Read = (body, onError) => flow(body, decode(), splitSSE(), filterEmpty(), bufferParse({ onError }));
const bare: Read = (body) => flow(body, decode(), bufferParse({ framed: false }));

/** The one growing value, looked at after every chunk; what counts is that the last one is whole. */
const growing: Read = async function* (body) {
  for await (const { done } of flow(body, decode(), partialJSON({ mutable: true }))) yield done ? done : undefined;
};
const items: Read = (body) => flow(body, decode(), selectJSON("$[*]"));
const deltas: Read = async function* (body) {
  for await (const delta of chat(body)) if (delta.type === "text" || delta.type === "tool") yield delta;
};
/** One message of everything: a value if it is whole. */
const whole: Read = async function* (body) {
  const { outcome } = await chat(body).message();
  if (outcome === "complete") yield outcome;
};

const CHUNK = every(16_384);
const ONE_CHUNK = every(Infinity);
const oneValue = () => ({ values: 1, errors: 0 });
const event = (data: string) => `data: ${data}\n\n`;
const choice = (delta: string, finish = "null") =>
  event(`{"object":"chat.completion.chunk","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}`);
const end = choice("{}", '"stop"') + event("[DONE]");

export const shapes: readonly Shape[] = [
  {
    name: "huge-event",
    title: "one event of n bytes in 256-byte chunks",
    n: 5_000_000,
    chunks: (n) => every(256)([event(`"${"a".repeat(n)}"`)]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "huge-event-bytes",
    title: "one event of n bytes in 1-byte chunks",
    n: 150_000,
    chunks: (n) => every(1)([event(`"${"a".repeat(n)}"`)]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "cut-characters",
    title: "one event of n 4-byte characters in 1-byte chunks",
    n: 40_000,
    chunks: (n) => every(1)([event(`"${"🙂".repeat(n)}"`)]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "data-lines",
    title: "one event of n data lines",
    n: 300_000,
    chunks: (n) => CHUNK([`data: [\n${"data: 1,\n".repeat(n)}data: 1]\n\n`]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "empty-data-lines",
    title: "one event of n empty data lines",
    n: 500_000,
    chunks: (n) => CHUNK([`${"data:\n".repeat(n)}\n`]),
    read: strict,
    expect: () => ({ values: 0, errors: 0 }),
  },
  // Events without content from here on, where one chunk holds all: values that wait in memory would measure the garbage collector.
  {
    name: "cr-only",
    title: "n events whose lines end in CR, in one chunk",
    n: 300_000,
    chunks: (n) => ONE_CHUNK(["data:\r\r".repeat(n), "data:{}\r\r"]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "lf-then-cr",
    title: "n events whose lines end in LF, and a CR last, in one chunk",
    n: 300_000,
    chunks: (n) => ONE_CHUNK(["data:\n\n".repeat(n), "data:{}\n\r"]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "cr-then-lf",
    title: "n events whose lines end in CR, and an LF last, in one chunk",
    n: 300_000,
    chunks: (n) => ONE_CHUNK(["data:\r\r".repeat(n), "data:{}\r\n"]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "mixed-ends",
    title: "n events with CR, LF and CRLF in turn, in one chunk",
    n: 300_000,
    chunks: (n) => ONE_CHUNK(["data:\r\r\n".repeat(n / 2), "data:\n\r".repeat(n / 2), "data:{}\n\n"]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "comments",
    title: "n comment lines, then an event, in one chunk",
    n: 1_000_000,
    chunks: (n) => ONE_CHUNK([":\n".repeat(n), event("{}")]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "tiny-events",
    title: "one value over n events of 2 characters",
    n: 150_000,
    chunks: (n) => CHUNK([event("["), event("1,").repeat(n), event("1]")]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "many-values",
    title: "n values in ten events",
    n: 200_000,
    chunks: (n) => CHUNK([event("{}".repeat(n / 10)).repeat(10)]),
    read: strict,
    expect: (n) => ({ values: n, errors: 0 }),
  },
  {
    name: "brackets",
    title: "n open brackets over n events, then as many closed in one",
    n: 100_000,
    chunks: (n) => CHUNK([event("[").repeat(n), event("]".repeat(n))]),
    read: deep,
    expect: oneValue,
  },
  {
    name: "brackets-refused",
    title: "n open brackets over n events, refused at the depth of 1,000 again and again",
    n: 100_000,
    chunks: (n) => CHUNK([event("[").repeat(n)]),
    read: lenient,
    // Each fragment is broken off by the bracket that is one too many, which begins the next; the last ends with the body.
    expect: (n) => ({ values: 0, errors: Math.ceil(n / 1000) }),
  },
  {
    name: "backslashes",
    title: "a string of n backslashes over events of 64",
    n: 2_000_000,
    chunks: (n) => CHUNK([event('"'), event("\\".repeat(64)).repeat(n / 64), event('"')]),
    read: strict,
    expect: oneValue,
  },
  {
    name: "white-space",
    title: "n spaces before, in and after a value, in 64-byte chunks of bare text",
    n: 1_000_000,
    chunks: (n) => every(64)([" ".repeat(n / 4), "[", " ".repeat(n / 2), "]", " ".repeat(n / 4)]),
    read: bare,
    expect: oneValue,
  },
  {
    name: "blank-frame",
    title: "events of 100 KB of white space and control characters, n characters together",
    n: 20_000_000,
    chunks: (n) => CHUNK([event(" \t\u0000\u001f".repeat(25_000)).repeat(n / 100_000)]),
    read: strict,
    expect: () => ({ values: 0, errors: 0 }),
  },
  {
    name: "unfinished-string",
    title: "a string that never ends, then n events",
    n: 50_000,
    chunks: (n) => CHUNK([event('"a'), event("[1]").repeat(n)]),
    read: lenient,
    expect: (n) => ({ values: n, errors: 1 }),
  },
  {
    name: "strings-in-turn",
    title: "n events each of which begins a string: every second breaks the one before",
    n: 50_000,
    chunks: (n) => CHUNK([event('["').repeat(n)]),
    read: lenient,
    expect: (n) => ({ values: 0, errors: Math.ceil(n / 2) }),
  },
  {
    name: "malformed",
    title: "n malformed events",
    n: 20_000,
    chunks: (n) => CHUNK([event('{"a":x}').repeat(n)]),
    read: lenient,
    expect: (n) => ({ values: 0, errors: n }),
  },
  {
    name: "malformed-late",
    title: "events malformed at the end of 10 KB, n bytes together",
    n: 5_000_000,
    chunks: (n) => CHUNK([event(`[${"1,".repeat(5_000)}x]`).repeat(n / 10_000)]),
    read: lenient,
    expect: (n) => ({ values: 0, errors: n / 10_000 }),
  },
  {
    name: "partial-items",
    title: "one growing array of n items in 16-byte chunks, each seen (mutable)",
    n: 100_000,
    chunks: (n) => every(16)(["[", "1234,".repeat(n - 1), "0]"]),
    read: growing,
    expect: oneValue,
  },
  {
    name: "partial-keys",
    title: "one growing object of n keys in 16-byte chunks, each seen (mutable)",
    n: 100_000,
    chunks: (n) => every(16)(["{", ...Array.from({ length: n - 1 }, (_, key) => `"${key}k":1,`), '"last":0}']),
    read: growing,
    expect: oneValue,
  },
  {
    name: "partial-string",
    title: "one growing string of n characters in 16-byte chunks, each seen (mutable)",
    n: 2_000_000,
    chunks: (n) => every(16)(['"', "a".repeat(n), '"']),
    read: growing,
    expect: oneValue,
  },
  {
    name: "selected",
    title: "n items chosen from one array in 64-byte chunks",
    n: 100_000,
    chunks: (n) => every(64)(["[", '{"a":[1,2]},'.repeat(n - 1), "{}]"]),
    read: items,
    expect: (n) => ({ values: n, errors: 0 }),
  },
  {
    name: "deltas",
    title: "an answer of n deltas, each seen",
    n: 100_000,
    chunks: (n) => CHUNK([choice('{"content":"a"}').repeat(n), end]),
    read: deltas,
    expect: (n) => ({ values: n, errors: 0 }),
  },
  {
    name: "message",
    title: "the message of an answer of n deltas: a million at 4n",
    n: 250_000,
    chunks: (n) => CHUNK([choice('{"content":"a"}').repeat(n), end]),
    read: whole,
    expect: oneValue,
  },
  {
    name: "tool-call",
    title: "the message of one tool call in n deltas of its arguments",
    n: 100_000,
    chunks: (n) => {
      const call = (text: string, head = "") =>
        choice(`{"tool_calls":[{"index":0,${head}"function":{"arguments":${JSON.stringify(text)}}}]}`);
      return CHUNK([call('["', '"id":"c","type":"function",'), call("abcd").repeat(n), call('"]'), end]);
    },
    read: whole,
    expect: oneValue,
  },
];
