// What sseResponse sends: values as events, whatever they hold, and behind them how the stream ended.
import fc from "fast-check";
import { flow, map } from "sluice";
import { chat, type Delta } from "sluice/chat";
import {
  lineResponse,
  lineStream,
  openAIResponse,
  openAIStream,
  type Problem,
  sseResponse,
  sseStream,
  uiMessageResponse,
  uiMessageStream,
} from "sluice/serve";
import { describe, expect, test } from "vitest";
import { cut } from "../chat/helpers.ts";
import { chunksOf, eventsOf, tapped } from "./support.ts";

const end = (outcome: string, more = {}): object => ({
  event: "end",
  data: JSON.stringify({ type: "end", outcome, ...more }),
  id: "",
});
const failure = (message: string): object => ({
  event: "error",
  data: JSON.stringify({ message, type: "error" }),
  id: "",
});
const message = (value: unknown): object => ({ event: "message", data: JSON.stringify(value), id: "" });

test("its headers keep everybody on the way from holding it back", () => {
  const { status, headers } = sseResponse([]);
  expect(status).toBe(200);
  expect(Object.fromEntries(headers)).toEqual({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
  });
});

test("status and headers of the caller's stand beside them or instead of them", () => {
  const { status, headers } = sseResponse([], { status: 202, headers: { "x-mine": "1", "cache-control": "no-store" } });
  expect(status).toBe(202);
  expect(headers.get("x-mine")).toBe("1");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-accel-buffering")).toBe("no");
});

test("every cookie of the caller's stands there, and a header that cannot be claims no source", () => {
  const cookies: [string, string][] = [
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ];
  expect(sseResponse([], { headers: cookies }).headers.getSetCookie()).toEqual(["a=1", "b=2"]);

  for (const respond of [sseResponse, lineResponse, openAIResponse, uiMessageResponse]) {
    const { stream } = tapped<Delta>();
    for (const options of [{ headers: { "a b": "" } }, { status: 99 }, { status: 204 }]) {
      expect(() => respond(stream, options), respond.name).toThrow();
    }
    expect(() => respond(stream, { onError: "x" as never }), respond.name).toThrow(
      /onError must be a function; got "x"/,
    );
    expect(stream.locked, respond.name).toBe(false);
  }
});

test("values are events of JSON, and the last event says that they are all", async () => {
  expect(await eventsOf(sseResponse([{ a: 1 }, "b", null]))).toEqual([
    message({ a: 1 }),
    message("b"),
    message(null),
    end("complete"),
  ]);
});

test("an event is what toEvent makes of a value and its index, undefined none; a sentinel can end them", async () => {
  const response = sseResponse(["a", "", "b"], {
    toEvent: (value, index) => (value === "" ? undefined : { event: "word", data: value, id: String(index) }),
    sentinel: "[DONE]",
    retry: 2000,
  });
  expect(await response.text()).toBe(
    "retry: 2000\nevent: word\nid: 0\ndata: a\n\nevent: word\nid: 2\ndata: b\n\ndata: [DONE]\n\n",
  );
});

test("retry stands in front of the first event, also when that is the end", async () => {
  const end = 'event: end\ndata: {"type":"end","outcome":"complete"}\n\n';
  expect(await sseResponse([], { retry: 2000 }).text()).toBe(`retry: 2000\n${end}`);
  expect(await sseResponse([1], { retry: 2000 }).text()).toBe(`retry: 2000\ndata: 1\n\n${end}`);
  const failed = await sseResponse([1], { retry: 2000, sentinel: "[DONE]", toEvent: () => ({ id: "\n" }) }).text();
  expect(failed).toBe('retry: 2000\nevent: error\ndata: {"message":"The stream failed","type":"error"}\n\n');
});

// What somebody would write to forge a field, an event or an end.
const forged = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r", "\n", "\r\n", "\0", "\u2028", "\ufeff", ":", " ", "data:", "event: end", "id: 7", "[DONE]"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));

/** Text as UTF-8 has it. */
const wellFormed = (text: string): string =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));

describe("no text can forge a field", () => {
  test("in the JSON of values", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(forged), fc.integer({ min: 1, max: 40 }), async (texts, size) => {
        const bytes = new Uint8Array(await sseResponse(texts).arrayBuffer());
        expect(await eventsOf(cut(bytes, size))).toEqual([...texts.map(message), end("complete")]);
      }),
    );
  });

  test("in bare data, where line ends become LF", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(forged), fc.integer({ min: 1, max: 40 }), async (texts, size) => {
        const bytes = new Uint8Array(await sseResponse(texts, { toEvent: (data) => ({ data }) }).arrayBuffer());
        const sent = (text: string): object => ({
          event: "message",
          data: wellFormed(text.replace(/\r\n?/g, "\n")),
          id: "",
        });
        expect(await eventsOf(cut(bytes, size))).toEqual([...texts.map(sent), end("complete")]);
      }),
    );
  });

  test("in the message of an error", async () => {
    await fc.assert(
      fc.asyncProperty(forged, async (text) => {
        const response = sseResponse(failing([1], new Error("x")), { onError: () => text });
        expect(await eventsOf(response)).toEqual([message(1), failure(text), end("error")]);
      }),
    );
  });

  test("in an event's name or id, which is an error and ends the stream", async () => {
    for (const event of [{ event: "a\ndata: forged", data: "" }, { id: "1\nevent: end" }, { id: "\0" }]) {
      const events = await eventsOf(sseResponse([1, event, 2], { toEvent: (value) => value as object }));
      expect(events).toEqual([failure("The stream failed"), end("error")]);
    }
  });
});

async function* failing<T>(values: readonly T[], error: unknown): AsyncGenerator<T> {
  yield* values;
  throw error;
}

describe("a stream that is not whole says so", () => {
  const secret = new Error("connect ECONNREFUSED postgres://admin:hunter2@db");

  test("when the source fails, behind what came before, and without what was thrown", async () => {
    const text = await sseResponse(failing(["a", "b"], secret)).text();
    expect(text).toBe(
      'data: "a"\n\ndata: "b"\n\nevent: error\ndata: {"message":"The stream failed","type":"error"}\n\n' +
        'event: end\ndata: {"type":"end","outcome":"error"}\n\n',
    );
  });

  test("with the words that onError finds, which hears what was thrown, once", async () => {
    const heard: Problem[] = [];
    const response = sseResponse(failing([], secret), {
      onError(problem) {
        heard.push(problem);
        return "Try again later";
      },
    });
    expect(await eventsOf(response)).toEqual([failure("Try again later"), end("error")]);
    expect(heard).toEqual([{ type: "end", outcome: "error", cause: secret }]);
  });

  test("also when onError throws, or says nothing", async () => {
    for (const onError of [
      () => {
        throw secret;
      },
      () => undefined as unknown as string,
    ]) {
      expect(await eventsOf(sseResponse(failing([], secret), { onError }))).toEqual([
        failure("The stream failed"),
        end("error"),
      ]);
    }
  });

  test("with the message, type and code of an error that onError returns, and nothing else that it holds", async () => {
    class APIError extends Error {
      readonly headers = { authorization: "Bearer k3y" };
      readonly status = 500n; // which is no JSON
      readonly code = "ECONNREFUSED";
    }
    const onError = (): Error => new APIError("The database is away");
    for (const stream of [sseStream, lineStream, openAIStream, uiMessageStream]) {
      const text = await new Response(stream(failing([], secret), { onError })).text();
      expect(text, stream.name).toContain("The database is away");
      expect(text, stream.name).not.toMatch(/k3y|headers|status/);
    }
    expect(await sseResponse(failing([], secret), { onError, sentinel: "[DONE]" }).text()).toBe(
      'event: error\ndata: {"message":"The database is away","code":"ECONNREFUSED","type":"error"}\n\n',
    );
  });

  test("with a sentinel, which then does not come", async () => {
    expect(await eventsOf(sseResponse(failing([1], secret), { sentinel: "[DONE]" }))).toEqual([
      message(1),
      failure("The stream failed"),
    ]);
  });

  test("when a value cannot be written, and the source is cancelled", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    for (const bad of [circular, 1n, undefined, () => 1]) {
      let isCancelled = false;
      const source = new ReadableStream({
        start(controller) {
          for (const value of ["a", bad, "b"]) controller.enqueue(value);
        },
        cancel() {
          isCancelled = true;
        },
      });
      expect(await eventsOf(sseResponse(source))).toEqual([message("a"), failure("The stream failed"), end("error")]);
      expect(isCancelled).toBe(true);
    }
  });

  test("when an iterator gives no result", async () => {
    const broken = { [Symbol.asyncIterator]: () => ({ next: async () => 1 as never }) };
    expect(await eventsOf(sseResponse(broken))).toEqual([failure("The stream failed"), end("error")]);
  });
});

describe("an answer's deltas", () => {
  const whole = [
    'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n',
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    "data: [DONE]\n\n",
  ];
  const content = [
    message({ type: "start", id: "c1", model: "m" }),
    message({ type: "text", text: "Hi", choice: 0 }),
    message({ type: "finish", choice: 0, reason: "stop", raw: "stop" }),
  ];

  test("are events, the end is the outcome", async () => {
    expect(await eventsOf(sseResponse(chat(whole)))).toEqual([...content, end("complete", { via: "sentinel" })]);
  });

  test("of an answer that was cut off end in an error", async () => {
    expect(await eventsOf(sseResponse(chat(whole.slice(0, 1))))).toEqual([
      ...content.slice(0, 2),
      failure("The answer was cut off"),
      end("truncated"),
    ]);
  });

  test("leave out what the provider said of its failure, which onError hears", async () => {
    const failed = [
      ...whole.slice(0, 1),
      'data: {"error":{"message":"Incorrect API key sk-123","code":"bad_key"}}\n\n',
    ];
    const text = await sseResponse(chat(failed)).text();
    expect(text).not.toMatch(/sk-123|bad_key/);
    expect(text).toContain('event: end\ndata: {"type":"end","outcome":"error"}\n\n');
    const heard: Problem[] = [];
    await sseResponse(chat(failed), {
      onError(problem) {
        heard.push(problem);
        return "";
      },
    }).text();
    expect(heard).toMatchObject([{ outcome: "error", cause: { message: "Incorrect API key sk-123" } }]);
  });

  test("that say an error and have no end are an error", async () => {
    const deltas = [{ type: "error", message: "secret", raw: "secret" } as const];
    expect(await eventsOf(sseResponse(deltas))).toEqual([failure("The stream failed"), end("error")]);
  });

  test("mean the same when they have passed through stages", async () => {
    const deltas = flow(
      chat(whole.slice(0, 1)),
      map((delta: Delta) => delta),
    );
    expect((await eventsOf(sseResponse(deltas, { toEvent: (delta) => delta.type }))).map(({ data }) => data)).toEqual([
      "start",
      "text",
      '{"message":"The answer was cut off","type":"error"}',
      '{"type":"end","outcome":"truncated"}',
    ]);
  });
});

test("sseStream gives the body alone", async () => {
  expect(await chunksOf(sseStream([1], { sentinel: "[DONE]" }))).toEqual(["data: 1\n\ndata: [DONE]\n\n"]);
});

test.for<[string, () => unknown]>([
  ["a string", () => sseResponse("text")],
  ["bytes", () => sseResponse(new Uint8Array(2))],
  ["a Response", () => sseResponse(new Response("data: 1\n\n") as never)],
  ["a promise", () => sseResponse(Promise.resolve([1]) as never)],
  ["a heartbeat that is no time", () => sseResponse([], { heartbeat: 0 })],
  ["a toEvent that is no function", () => sseResponse([], { toEvent: "data" as never })],
  ["a retry that is no time", () => sseResponse([], { retry: -1 })],
])("%s is refused in words", ([, attempt]) => {
  expect(attempt).toThrow(TypeError);
});

test("an option that cannot be meant claims no source", async () => {
  for (const serve of [sseStream, lineStream, openAIStream, uiMessageStream]) {
    const answer = chat([]);
    expect(() => serve(answer, { heartbeat: -1 })).toThrow(TypeError);
    expect((await answer.message()).outcome).toBe("truncated");
  }
});

test("a source that is in use is refused", () => {
  const stream = new ReadableStream();
  stream.getReader();
  expect(() => sseResponse(stream)).toThrow(/locked/);
  const answer = chat([]);
  sseResponse(answer);
  expect(() => sseResponse(answer)).toThrow(/in use/);
});
