import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Output } from "../../src/cli/output.ts";

test("what had come before an abort is written by flush", async () => {
  const stream = new PassThrough({ encoding: "utf8" });
  const controller = new AbortController();
  const output = new Output(stream, controller.signal);
  expect(output.write("came before Ctrl-C\n")).toBe(undefined);
  controller.abort();
  await setImmediate();
  expect(stream.read()).toBe(null);
  expect(output.write("end\n")).toBe(undefined);
  await output.flush();
  expect(stream.read()).toBe("came before Ctrl-C\nend\n");
});
