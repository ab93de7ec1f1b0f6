import { expect, test, vi } from "vitest";
import { passOn } from "../../../edge-examples/chat/worker/pass-on.ts";

// A read that waits for good is what workerd never lets go of, with all that hangs on it.
test("when the page has gone in a silence, no read goes on waiting: neither its own nor the one of the source", async () => {
  const page = new AbortController();
  const cancel = vi.fn();
  const read = passOn(new ReadableStream({ cancel }), 60_000, page.signal).getReader().read();

  page.abort("gone");

  expect(await read).toEqual({ done: true, value: undefined });
  expect(cancel.mock.calls).toEqual([["gone"]]);
});

test("a page that goes when all is over, or has been cancelled, disturbs nothing", async () => {
  const page = new AbortController();
  const source = new Response("data: 1\n\n").body;
  if (source === null) throw new Error("no body");
  expect(await new Response(passOn(source, 60_000, page.signal)).text()).toBe("data: 1\n\n");
  const cancel = vi.fn();
  await passOn(new ReadableStream({ cancel }), 60_000, page.signal).cancel("left");

  expect(() => page.abort("gone")).not.toThrow();
  expect(cancel.mock.calls).toEqual([["left"]]);
});
