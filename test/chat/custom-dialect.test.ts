// A dialect of one's own: Replicate's stream, whose data is text. The README shows the same.
import { bufferParse, SluiceError } from "sluice";
import { type Dialect, objectOf, sseText } from "sluice/chat";
import { expect, test } from "vitest";
import { deltasOf, endOf, messageOf } from "./helpers.ts";

const replicate: Dialect = {
  name: "replicate",
  framings: [sseText],
  proof: [],
  knows: ({ name }) => name === "output" || name === "done",
  read: (out) => ({
    push({ name, value }) {
      if (name === "output") return out.text(value);
      out.finish(String(objectOf(JSON.parse(String(value)))["reason"] ?? "stop"));
      out.done();
    },
  }),
};

const output = (text: string, id: number): string => `event: output\nid: ${id}:0\n${text.replace(/^/gm, "data: ")}\n\n`;
const begun = `: hi\n\n${output("", 1)}${output("Why\n\n did", 2)}${output(" it", 3)}`;

test("lines of data, leading spaces and ids are read as they are meant", async () => {
  const message = await messageOf(`${begun}event: done\nid: 4:0\ndata: {}\n\n:408: 408 Request Timeout\n`, {
    dialect: replicate,
  });
  expect(message).toMatchObject({
    text: "Why\n\n did it",
    outcome: "complete",
    via: "terminal-event",
    unknown: [],
    errors: [],
  });
});

test("without its done it is truncated", async () => {
  expect(await messageOf(begun, { dialect: replicate })).toMatchObject({
    text: "Why\n\n did it",
    outcome: "truncated",
  });
});

test("event: error is an error without a word of the dialect's", async () => {
  const message = await messageOf(`${begun}event: error\ndata: CUDA out of memory\n\n`, { dialect: replicate });
  expect(message).toMatchObject({ outcome: "error", errors: [{ message: "CUDA out of memory" }] });
});

test("its reason is the provider's own", async () => {
  const message = await messageOf(`${begun}event: done\ndata: {"reason":"canceled"}\n\n`, { dialect: replicate });
  expect(message.finish).toEqual({ reason: "other", raw: "canceled" });
});

test("what a dialect throws costs the frame, and the outcome is at best error", async () => {
  const deltas = await deltasOf(`${begun}event: done\ndata: not json\n\n${output("on", 5)}event: done\ndata: {}\n\n`, {
    dialect: replicate,
  });
  expect(deltas.filter(({ type }) => type === "error")).toMatchObject([
    { message: expect.stringContaining("replicate") as unknown },
  ]);
  expect(endOf(deltas).outcome).toBe("error");
});

test("what a stage throws inside of a dialect is told of the frame, not of the stage", async () => {
  const dialect: Dialect = {
    ...replicate,
    read: () => ({
      push: ({ value }) =>
        bufferParse()
          .connect({ push: () => {}, end: () => {} })
          .push(String(value)),
    }),
  };
  const [error] = (await messageOf(output("nope", 1), { dialect })).errors;
  expect(error).toMatchObject({ message: expect.stringContaining("replicate") as unknown, raw: "nope" });
  expect(error?.cause).toBeInstanceOf(SluiceError);
  expect(error?.offset).toBeUndefined();
});
