import { bufferParse, decode, filterEmpty, flow, splitSSE } from "sluice";
import { countedIterable, countedStream } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { everything, nameOf, responseOf, thrownBy, utf8 } from "../tools.ts";

const body = 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n';
const expected = [{ n: 1 }, { n: 2 }, "end"];
const read = (source: Parameters<typeof flow<Uint8Array | string>>[0]): Promise<unknown[]> =>
  everything(flow(source, decode(), splitSSE(), filterEmpty(), bufferParse()));

export const sources: readonly Case[] = [
  {
    name: "flow: every kind of source",
    async run(note) {
      const bytes = utf8(body);
      note.is("a Response", await read(responseOf(countedStream([bytes]).stream)), expected);
      note.is("a Response without a body", await read(responseOf(null)), ["end"]);
      note.is("a stream of bytes", await read(countedStream([bytes.slice(0, 9), bytes.slice(9)]).stream), expected);
      note.is("a stream of text", await read(countedStream(cutAt(body, 20)).stream), expected);
      note.is("an async iterable", await read(countedIterable([bytes]).iterable), expected);
      note.is("an async generator", await read(later([bytes])), expected);
      note.is("an array", await read(cutAt(body, 3)), expected);
      note.is("a generator", await read(each(cutAt(body, 3))), expected);
      note.is("a string", await read(body), expected);
      note.is("a buffer", await read(bytes.buffer), expected);
      note.is("a view", await read(bytes), expected);
      note.is("nothing", await read([]), ["end"]);
    },
  },
  {
    name: "flow: what is no source says what it is",
    async run(note) {
      const loose = flow as unknown as (source: unknown, ...stages: unknown[]) => AsyncIterable<unknown>;
      for (const source of [null, undefined, 5, {}, Symbol.iterator, () => body])
        note(
          typeof source,
          thrownBy(() => loose(source)),
        );
      note(
        "a promise",
        thrownBy(() => loose(Promise.resolve(body))),
      );
      const locked = countedStream([1]).stream;
      locked.getReader();
      note("a locked stream", nameOf(thrownBy(() => loose(locked))));
      note(
        "a used body",
        thrownBy(() => loose({ body: countedStream([1]).stream, bodyUsed: true })),
      );
      note(
        "a body that is missing",
        thrownBy(() => loose({ body: undefined, bodyUsed: false })),
      );
      note(
        "no stage",
        thrownBy(() => loose(body, {})),
      );
      note("bytes where text is wanted", await everything(loose(utf8(body), splitSSE())));
      note(
        "a source whose iterator is none",
        await everything(loose({ [Symbol.asyncIterator]: () => ({ next: () => 5 }) })),
      );
    },
  },
];

const cutAt = (text: string, at: number): string[] => [text.slice(0, at), text.slice(at)];

async function* later<T>(chunks: readonly T[]): AsyncGenerator<T> {
  for (const chunk of chunks) yield chunk;
}

function* each<T>(chunks: readonly T[]): Generator<T> {
  yield* chunks;
}
