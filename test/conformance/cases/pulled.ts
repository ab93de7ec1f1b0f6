import { bufferParse, decode, filterEmpty, flow, fuse, type Stage, splitSSE } from "sluice";
import { chat, observe } from "sluice/chat";
import { type Counts, countedIterable, countedStream, settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { counting, utf8, values } from "../tools.ts";

const events = (): Iterable<Uint8Array> =>
  counting((n) => utf8(`data: {"n":${n},"choices":[{"delta":{"content":"${n}"}}]}\n\n`));
const four = (): [
  Stage<Uint8Array | string, string>,
  ReturnType<typeof splitSSE>,
  ReturnType<typeof filterEmpty>,
  Stage<unknown, unknown>,
] => [
  decode() as Stage<Uint8Array | string, string>,
  splitSSE(),
  filterEmpty(),
  bufferParse() as Stage<unknown, unknown>,
];

interface Reading extends Counts {
  next: () => Promise<unknown>;
  stop: () => Promise<unknown>;
}

const reading = (source: Counts, { next, stop }: Omit<Reading, keyof Counts>): Reading =>
  Object.assign(source, { next, stop });

/** Ways of reading that hold nothing between source and reader: pulls are values asked for, exactly. */
const exact: Record<string, () => Reading> = {
  "flow over a stream"() {
    const source = countedStream(events());
    const [a, b, c, d] = four();
    const flowing = flow(source.stream, a, b, c, d);
    const iterator = flowing[Symbol.asyncIterator]();
    return reading(source, { next: () => iterator.next(), stop: () => flowing.cancel() });
  },
  "flow over an iterable"() {
    const source = countedIterable(events());
    const [a, b, c, d] = four();
    const iterator = flow(source.iterable, a, b, c, d)[Symbol.asyncIterator]();
    return reading(source, { next: () => iterator.next(), stop: async () => iterator.return?.() });
  },
  "flow.readable"() {
    const source = countedStream(events());
    const [a, b, c, d] = four();
    const iterator = values(flow(source.stream, a, b, c, d).readable);
    return reading(source, { next: () => iterator.next(), stop: async () => iterator.return?.() });
  },
  chat() {
    const source = countedStream(events());
    const iterator = chat(source.stream)[Symbol.asyncIterator]();
    return reading(source, {
      async next() {
        const results = [await iterator.next()];
        while (results.at(-1)?.value?.type === "start") results.push(await iterator.next());
        return results;
      },
      stop: async () => iterator.return?.(),
    });
  },
};

/** Ways that hold at most a chunk for each hop. */
const hopping: Record<string, { hops: number; open: () => Reading }> = {
  fuse: {
    hops: 1,
    open() {
      const source = countedStream(events());
      const [a, b, c, d] = four();
      const iterator = values(source.stream.pipeThrough(fuse(a, b, c, d)));
      return reading(source, { next: () => iterator.next(), stop: async () => iterator.return?.() });
    },
  },
  "separate stages": {
    hops: 4,
    open() {
      const source = countedStream(events());
      const [a, b, c, d] = four();
      const piped: ReadableStream<unknown> = source.stream.pipeThrough(a).pipeThrough(b).pipeThrough(c).pipeThrough(d);
      const iterator = values(piped);
      return reading(source, { next: () => iterator.next(), stop: async () => iterator.return?.() });
    },
  },
  observe: {
    hops: 1,
    open() {
      const source = countedStream(events());
      const iterator = values(source.stream.pipeThrough(observe({})));
      return reading(source, { next: () => iterator.next(), stop: async () => iterator.return?.() });
    },
  },
};

export const pulled: readonly Case[] = [
  ...Object.entries(exact).map(
    ([name, open]): Case => ({
      name: `pulled: ${name} reads exactly what is asked for`,
      async run(note) {
        const opened = open();
        await settled();
        note.is("before anything is asked for", opened.pulls, 0);
        for (let asked = 1; asked <= 5; asked++) {
          note(`value ${asked}`, await opened.next());
          await settled(1);
          note.is(`for ${asked}`, opened.pulls, asked);
        }
        await opened.stop();
        await settled();
        note.is("after the stop", [opened.pulls, opened.cancels.length], [5, 1]);
      },
    }),
  ),
  ...Object.entries(hopping).map(
    ([name, { hops, open }]): Case => ({
      name: `pulled: ${name} holds at most a chunk for each hop`,
      async run(note) {
        const opened = open();
        await settled();
        note.is("before anything is asked for", opened.pulls <= hops, true);
        for (let asked = 1; asked <= 5; asked++) {
          note(`value ${asked}`, await opened.next());
          await settled(1);
          note.is(`for ${asked}`, opened.pulls >= asked && opened.pulls <= asked + hops, true);
        }
        await opened.stop();
        await settled();
        const { pulls } = opened;
        await settled();
        note.is("after the stop", [opened.pulls - pulls, opened.cancels.length], [0, 1]);
      },
    }),
  ),
];
