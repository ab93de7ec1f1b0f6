import { bufferParse, decode, flow, fuse, map, splitSSE } from "sluice";
import { countedIterable, countedStream, settled } from "../../support/sources.ts";
import type { Case } from "../case.ts";
import { everything, rejectionOf, values } from "../tools.ts";

const events = ["data: 1\n\n", "data: 2\n\ndata: 3\n\n", "data: 4\n\n"];

export const stopping: readonly Case[] = [
  {
    name: "leaving a loop cancels the source once",
    async run(note) {
      for (const source of [countedStream(events, { hangs: true }), countedIterable(events, { hangs: true })]) {
        const seen: unknown[] = [];
        for await (const { data } of flow("stream" in source ? source.stream : source.iterable, splitSSE())) {
          seen.push(data);
          if (data === "2") break;
        }
        note.is("break", [seen, source.pulls, source.cancels], [["1", "2"], 2, [undefined]]);
      }
      const thrown = countedStream(events);
      const throwing = async (): Promise<void> => {
        for await (const { data } of flow(thrown.stream, splitSSE())) throw new RangeError(`at ${data}`);
      };
      note("throw", await rejectionOf(throwing()));
      note.is("its cancels", thrown.cancels, [undefined]);
    },
  },
  {
    name: "cancel(reason) reaches the source once, with its reason, and ends the waiting reads",
    async run(note) {
      const source = countedStream(["data: 1\n\n"], { hangs: true });
      const flowing = flow(source.stream, splitSSE());
      const iterator = flowing[Symbol.asyncIterator]();
      note("first", await iterator.next());
      const waiting = [iterator.next(), iterator.next()];
      await Promise.all([flowing.cancel("enough"), flowing.cancel("again")]);
      note("waiting", await Promise.all(waiting));
      note("afterwards", await iterator.next());
      note.is("cancels", source.cancels, ["enough"]);

      const late = countedStream([], { hangs: true });
      const never = flow(late.stream);
      await never.cancel("before it began");
      note("nothing then", await everything(never));
      note.is("cancelled", late.cancels, ["before it began"]);
    },
  },
  {
    name: "return() settles a pending next as done",
    async run(note) {
      const source = countedIterable([1], { hangs: true });
      const iterator = flow(source.iterable)[Symbol.asyncIterator]();
      await iterator.next();
      const pending = iterator.next();
      note("returned", await iterator.return?.());
      note("pending", await pending);
      note.is("cancels", source.cancels.length, 1);
    },
  },
  {
    name: "cancelling what comes out cancels what goes in",
    async run(note) {
      const ways = {
        "one stage": (stream: ReadableStream<string>) => stream.pipeThrough(splitSSE()),
        "two stages": (stream: ReadableStream<string>) => stream.pipeThrough(splitSSE()).pipeThrough(bufferParse()),
        fused: (stream: ReadableStream<string>) => stream.pipeThrough(fuse(splitSSE(), bufferParse())),
        "flow.readable": (stream: ReadableStream<string>) => flow(stream, splitSSE(), bufferParse()).readable,
      };
      for (const [name, open] of Object.entries(ways)) {
        const source = countedStream(events, { hangs: true });
        const reader = open(source.stream).getReader();
        await reader.read();
        await reader.cancel("bye");
        await settled();
        note.is(name, source.cancels, ["bye"]);
        note.is(`${name}: read on`, (await reader.read()).done, true);
      }
    },
  },
  {
    name: "an aborted writer discards, and its reader gets the reason",
    async run(note) {
      const used = map((value: number) => value);
      const reader = values(used.readable);
      const writer = used.writable.getWriter();
      const closed = rejectionOf(writer.closed);
      const [, first] = await Promise.all([writer.write(1), reader.next()]);
      note("first", first.value);
      const written = rejectionOf(writer.write(2));
      const reason = new RangeError("stop");
      await writer.abort(reason);
      note("the reader", await rejectionOf(reader.next()));
      note("the rest", [await written, await closed]);
    },
  },
  {
    name: "disposing is cancelling",
    async run(note) {
      const source = countedStream(["a"], { hangs: true });
      const flowing = flow(source.stream, decode());
      // `await using`, written out; older runtimes do not have the symbol, nor then `await using`.
      if (typeof Symbol.asyncDispose === "symbol") await flowing[Symbol.asyncDispose]();
      else await flowing.cancel();
      note.is("cancels", source.cancels, [undefined]);
    },
  },
  {
    name: "a source that fails to be cancelled says so to who cancels, and to nobody else",
    async run(note) {
      const failing = (): ReadableStream<string> =>
        new ReadableStream<string>(
          {
            pull: (controller) => controller.enqueue("data: 1\n\n"),
            cancel() {
              throw new RangeError("cannot");
            },
          },
          { highWaterMark: 0 },
        );
      const flowing = flow(failing(), splitSSE());
      await flowing[Symbol.asyncIterator]().next();
      note("cancel", await rejectionOf(flowing.cancel()));
      const ended = flow(
        failing(),
        splitSSE(),
        map(() => {
          throw new RangeError("first");
        }),
      );
      note("an error", await everything(ended));
    },
  },
];
