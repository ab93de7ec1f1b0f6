import { afterEach, expect, test, vi } from "vitest";
import { configOf } from "../../../edge-examples/gateway/worker/config.ts";
import { Exchange } from "../../../edge-examples/gateway/worker/exchange.ts";
import { RequestRecord } from "../../../edge-examples/gateway/worker/record.ts";
import { relay } from "../../../edge-examples/gateway/worker/relay.ts";
import { TOKEN } from "./support.ts";

const config = configOf({ UPSTREAMS: {}, MODELS: {}, CALLERS: `alice:${TOKEN}` });
afterEach(() => vi.restoreAllMocks());

// A read that waits for good is what workerd never lets go of, with all that hangs on it: `npm run load` sees its heap grow.
test("when the client leaves in a silence, no read goes on waiting: neither its own nor the one of the source", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const client = new AbortController();
  const cancel = vi.fn();
  const exchange = new Exchange(new RequestRecord(), client.signal);
  const body = relay(new ReadableStream({ cancel }), { config, exchange, isEvents: true, problem: () => undefined });
  const read = body.getReader().read();

  client.abort("gone");

  expect(await read).toEqual({ done: true, value: undefined });
  expect(cancel.mock.calls).toEqual([["gone"]]);
  expect(log.mock.calls.map(([line]) => JSON.parse(line).outcome)).toEqual(["aborted"]);
});

test("a client that leaves when all is over disturbs nothing", async () => {
  vi.spyOn(console, "log").mockReturnValue();
  const client = new AbortController();
  const exchange = new Exchange(new RequestRecord(), client.signal);
  const source = new Response("data: 1\n\n").body;
  if (source === null) throw new Error("no body");
  const body = relay(source, { config, exchange, isEvents: true, problem: () => undefined });

  expect(await new Response(body).text()).toBe("data: 1\n\n");
  expect(() => client.abort("gone")).not.toThrow();
});
