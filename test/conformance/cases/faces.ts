import { bufferParse, decode, filter, flow, fuse, map, type Sink, Stage, splitSSE, stage, tap } from "sluice";
import { countedStream, settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { everything, rejectionOf, thrownBy, values } from "../tools.ts";

/** Ends the stream after so many values. */
const take = <T>(count: number): Stage<T, T> =>
  stage((out) => {
    let left = count;
    return {
      push(value) {
        out.push(value);
        if (--left === 0) out.end();
      },
      end: () => out.end(),
    };
  });

/** Gives each number so many times, and throws at zero. */
const repeat = (): Stage<number, number> =>
  stage((out) => ({
    push(count) {
      if (count === 0) throw new RangeError("zero");
      for (let left = count; left > 0; left--) out.push(count);
    },
    end: () => out.end(),
  }));

type Ways = Record<string, (source: ReadableStream<number>, stage: () => Stage<number, unknown>) => Promise<unknown[]>>;

const ways: Ways = {
  "one stream": (source, make) => everything(source.pipeThrough(make())),
  fused: (source, make) =>
    everything(
      source.pipeThrough(
        fuse(
          map((value: number) => value),
          make(),
        ),
      ),
    ),
  flow: (source, make) => everything(flow(source, make())),
  "flow.readable": (source, make) => everything(flow(source, make()).readable),
};

export const faces: readonly Case[] = [
  {
    name: "what a chunk gave before its error comes first, then the error",
    async run(note) {
      for (const [name, way] of Object.entries(ways)) {
        const { stream, cancels } = countedStream([2, 3, 0, 1]);
        const failing = () =>
          fuse(
            repeat(),
            map((value: number) => (value === 3 ? fail(value) : value)),
          );
        note(`${name}: a heart that throws`, await way(stream, failing));
        await settled();
        note.is(`${name}: the source was cancelled`, cancels.length, 1);
        const broken = countedStream([2, 1], { fails: new RangeError("reset") });
        note(`${name}: a source that breaks`, await way(broken.stream, repeat));
        note.is(`${name}: nothing to cancel`, broken.cancels.length, 0);
      }
    },
  },
  {
    name: "a heart that ends early ends the stream, and its source is cancelled once",
    async run(note) {
      for (const [name, way] of Object.entries(ways)) {
        const counted = countedStream([1, 2, 3, 4], { hangs: true });
        note.is(name, await way(counted.stream, () => take(2)), [1, 2, "end"]);
        await settled();
        note.is(`${name}: cancels`, counted.cancels.length, 1);
      }
    },
  },
  {
    name: "many values from one chunk keep their order",
    async run(note) {
      for (const [name, way] of Object.entries(ways)) {
        const many = await way(countedStream([600, 1, 257]).stream, repeat);
        note.is(name, many, [...Array(600).fill(600), 1, ...Array(257).fill(257), "end"]);
      }
    },
  },
  {
    name: "bytes that one chunk gave go on as one chunk",
    async run(note) {
      const bytes = (): Stage<number, Uint8Array> =>
        fuse(
          repeat(),
          map((value: number) => new Uint8Array([value])),
        );
      for (const [name, way] of Object.entries(ways)) note(name, await way(countedStream([3, 1, 2]).stream, bytes));
    },
  },
  {
    name: "streams and flows are used once, and say so",
    async run(note) {
      const used = decode();
      note("a stage piped twice", [
        await everything(countedStream(["a"]).stream.pipeThrough(used)),
        thrownBy(() => used.writable),
        thrownBy(() => countedStream(["a"]).stream.pipeThrough(used)),
      ]);
      const read = flow(["a"], decode());
      note("a flow read twice", [await everything(read), thrownBy(() => read.readable)]);
      const once = flow(["a"]);
      const { readable } = once;
      note.is("the same readable", once.readable === readable, true);
      const connected = splitSSE();
      const out: Sink<unknown> = { push: (value) => note("value", value), end: () => note("end", true) };
      for (const text of ["data: 1\n\n", "data: 2"]) {
        const sink = connected.connect(out);
        sink.push(text);
        sink.end();
      }
    },
  },
  {
    name: "stage, Stage and fuse: what they are, and what they refuse",
    async run(note) {
      note.is(
        "kinds",
        [decode() instanceof Stage, stage((out: Sink<1>) => out) instanceof Stage, fuse(decode()) instanceof Stage],
        [true, true, true],
      );
      const made = new Stage<string, string>((out) => ({ push: (text) => out.push(`${text}!`), end: () => out.end() }));
      note.is("made by hand", await everything(flow(["a"], made)), ["a!", "end"]);
      const loose = fuse as unknown as (...stages: unknown[]) => unknown;
      note("no function", [
        thrownBy(() => stage(5 as never)),
        thrownBy(() => loose(decode(), {})),
        thrownBy(() => loose(null)),
      ]);
      const sink = stage<number, number>((out) => ({
        push(value) {
          if (value === 2) throw new RangeError("two");
          out.push(value);
        },
        end: () => out.end(),
      })).connect({ push: (value) => note("pushed", value), end: () => note("ended", true) });
      sink.push(1);
      note(
        "throws",
        thrownBy(() => sink.push(2)),
      );
      note("and throws on", [thrownBy(() => sink.push(3)), thrownBy(() => sink.end())]);
    },
  },
  {
    name: "seven stages, and none",
    async run(note) {
      const plus = (): Stage<number, number> => map((value: number) => value + 1);
      note.is(
        "seven",
        await everything(
          flow(
            [0],

            plus(),
            plus(),
            plus(),
            plus(),
            plus(),
            plus(),
            filter((n: number) => n > 0),
          ),
        ),
        [6, "end"],
      );
      note.is("none", await everything(flow([1, 2])), [1, 2, "end"]);
      note.is("fused", await everything(flow([0, 5], fuse(plus(), plus(), plus()))), [3, 8, "end"]);
    },
  },
  {
    name: "a stage's two ends by hand: writes, close and errors",
    async run(note) {
      const used = map((value: number) => (value === 3 ? fail(value) : value * 10));
      const reader = values(used.readable);
      const writer = used.writable.getWriter();
      const closed = rejectionOf(writer.closed);
      const [, first] = await Promise.all([writer.write(1), reader.next()]);
      note("first", first.value);
      const written = writer.write(2).then(() => "written");
      note("second", (await reader.next()).value);
      const broken = rejectionOf(writer.write(3));
      note("third", await rejectionOf(reader.next()));
      note("the writes", [await written, await broken]);
      note("closed", await closed);

      const ended = decode();
      const gone = values(ended.readable);
      const closing = ended.writable.getWriter();
      const end = gone.next();
      await closing.close();
      note("closed", await end);
    },
  },
  {
    name: "overlapping next() are served in order",
    async run(note) {
      const reading = flow(
        countedStream([1, 2, 3]).stream,
        tap(() => undefined),
      )[Symbol.asyncIterator]();
      const results = await Promise.all([reading.next(), reading.next(), reading.next(), reading.next()]);
      note("results", results);
      const failing = flow(["[1]", "x"], bufferParse())[Symbol.asyncIterator]();
      note("an error among them", await Promise.all([failing.next(), rejectionOf(failing.next()), failing.next()]));
    },
  },
];

function fail(value: number): never {
  throw new RangeError(`at ${value}`);
}
