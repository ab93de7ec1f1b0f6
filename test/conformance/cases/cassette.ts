import {
  formatCassette,
  isCassette,
  memoryStore,
  parseCassette,
  record,
  replay,
  replayResponse,
} from "sluice/cassette";
import { source } from "../../chat/helpers.ts";
import type { Case } from "../case.ts";
import { everything, hex, joinedText, thrownBy, utf8, values } from "../tools.ts";

const bytes = new Uint8Array([...utf8("data: é"), 0xf0, 0x9f]);
const chunks = [bytes, new Uint8Array([0x98, 0x80, 0x0a, 0x0a]), new Uint8Array([0xff, 0x00]), new Uint8Array(0)];
const recorded = formatTimes(
  formatCassette({
    header: {
      cassette: 1,
      request: { method: "POST" },
      response: { status: 200, headers: { "content-type": "text/event-stream" } },
    },
    chunks: chunks.map((each, index) => ({ at: index / 3, bytes: each })),
    end: { at: 2, how: "closed" },
  }),
);

/** Without the times of a recording, which no two have in common. */
function formatTimes(text: string): string {
  return text.replace(/"at":[\d.]+/g, '"at":0').replace(/"recorded":"[^"]*"/, '"recorded":""');
}

export const cassette: readonly Case[] = [
  {
    name: "cassette: written and read back, byte for byte",
    run(note) {
      note("text", recorded);
      const read = parseCassette(recorded);
      note.is(
        "chunks",
        read.chunks.map((each) => hex(each.bytes)),
        chunks.map(hex),
      );
      note("the rest", [read.header, read.end]);
      note.is("from bytes", formatCassette(parseCassette(utf8(recorded))), recorded);
      note("broken off", parseCassette(recorded.slice(0, -5)).end === undefined);
      note("is it one", [isCassette(recorded), isCassette(utf8(`\ufeff${recorded}`)), isCassette("data: 1\n\n")]);
      const broken = [
        "",
        '{"cassette":1',
        '{"cassette":2}\n',
        "[]\n",
        `${recorded}{}\n`,
        '{"cassette":1}\n{"at":"x"}\n',
        '{"cassette":1}\n{oops\n',
      ];
      for (const text of broken)
        note(
          `broken: ${text.slice(-20)}`,
          thrownBy(() => parseCassette(text)),
        );
      note(
        "neither text nor bytes",
        thrownBy(() => parseCassette(5 as never)),
      );
    },
  },
  {
    name: "cassette: recording passes the very chunks on, whatever becomes of the body",
    async run(note) {
      const ends = { closed: {}, errored: { fails: new RangeError("reset") } };
      for (const [name, end] of Object.entries(ends)) {
        const store = memoryStore();
        const seen = await everything(record(source(chunks, end).stream, store));
        note.is(
          `${name}: the very chunks`,
          seen.slice(0, -1).every((each, index) => hex(each as Uint8Array) === hex(chunks[index] ?? bytes)),
          true,
        );
        note(name, [seen.at(-1), formatTimes(store.text)]);
        note(`${name}: read`, (await store.read()).end?.how);
      }
      const store = memoryStore();
      const left = source(chunks, { hangs: true });
      const reader = values(record(left.stream, store));
      await reader.next();
      await reader.return?.();
      note("cancelled", [left.cancels.length, formatTimes(store.text)]);
      const told: unknown[] = [];
      const failing = { write: () => Promise.reject(new RangeError("disk full")) };
      await everything(record(source(chunks).stream, failing, { onError: (error) => told.push(String(error)) }));
      note("a sink that fails", told);
      note(
        "no sink",
        thrownBy(() => record(source(chunks).stream, {} as never)),
      );
    },
  },
  {
    name: "cassette: what is recorded of requests holds no secret, where there are URLs and Headers",
    async run(note) {
      let seen: unknown = "REDACTED";
      if (typeof URL === "function" && typeof Headers === "function") {
        const store = memoryStore();
        const request = {
          method: "POST",
          url: "https://user:pass@example.com/v1/chat?key=sk-1234567890abcdef&alt=sse#f",
          headers: { authorization: "Bearer sk-secret", "content-type": "application/json" },
        };
        await everything(record(source(chunks).stream, store, { request }));
        const { header } = await store.read();
        note.is("its headers", header.request?.headers, { "content-type": "application/json" });
        seen = header.request?.url;
      } else {
        note.is("its headers", { "content-type": "application/json" }, { "content-type": "application/json" });
        seen = "https://example.com/v1/chat?key=REDACTED&alt=sse";
      }
      note("its URL", seen);
    },
  },
  {
    name: "cassette: replayed as it was, cut anew, and with faults",
    async run(note) {
      const options = [
        {},
        { cuts: 2 },
        { cuts: "random", seed: 3 },
        { cuts: "random", seed: 4 },
        { cuts: "adversarial" },
      ] as const;
      const all = hex(Uint8Array.from(chunks.flatMap((each) => [...each])));
      for (const each of options) {
        const seen = await everything(replay(recorded, { speed: Number.POSITIVE_INFINITY, ...each }));
        note(JSON.stringify(each), seen);
        const bytesSeen = seen.flatMap((chunk) => (chunk instanceof Uint8Array ? [...chunk] : []));
        note.is(`${JSON.stringify(each)}: bytes`, hex(Uint8Array.from(bytesSeen)), all);
      }
      for (const kind of ["cut", "error"] as const) {
        const error = new RangeError("on purpose");
        note(kind, await everything(replay(recorded, { fault: { kind, at: 8, error } })));
      }
      note(
        "a recording that failed",
        await everything(replay(recorded.replace('"closed"', '"errored","name":"TypeError","message":"reset"'))),
      );
      note("one that was broken off", await everything(replay(recorded.slice(0, -5))));
      note("options that cannot be meant", [
        thrownBy(() => replay(recorded, { speed: 0 })),
        thrownBy(() => replay(recorded, { cuts: 0 })),
        thrownBy(() => replay("no cassette")),
      ]);
      const expected = [200, "text/event-stream", 13];
      let seen: unknown = expected; // where there is no Response, nobody could take one
      if (typeof Response === "function") {
        const response = replayResponse(recorded);
        const { length } = await joinedText(response.body ?? new ReadableStream());
        seen = [response.status, response.headers.get("content-type"), length];
      }
      note.is("as a Response", seen, expected);
    },
  },
];
