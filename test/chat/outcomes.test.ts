// What becomes of an answer: every row of the outcomes' table, with exactly one end, last, and the source told once.
import { getEventListeners } from "node:events";
import { chat, IncompleteAnswerError } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { chunk, DONE, deltasOf, endOf, event, messageOf, ofType, response, source, stop } from "./helpers.ts";

const hello = chunk({ content: "Hello" });
const whole = hello + stop() + DONE;

describe("complete, only on proof", () => {
  test("a sentinel", async () => {
    expect(endOf(await deltasOf(whole))).toEqual({ type: "end", outcome: "complete", via: "sentinel" });
  });

  test("a finish reason and the end of the body", async () => {
    expect(endOf(await deltasOf(hello + stop()))).toEqual({ type: "end", outcome: "complete", via: "finish" });
  });

  test("a terminal event", async () => {
    const body = `${JSON.stringify({ message: { content: "a" }, done: false })}\n${JSON.stringify({ done: true })}`;
    expect(endOf(await deltasOf(body))).toEqual({ type: "end", outcome: "complete", via: "terminal-event" });
  });

  test("a sentinel ends the answer at once while the connection stays open, which is then cancelled once", async () => {
    const open = source([whole], { hangs: true });
    const answer = chat(open.stream)[Symbol.asyncIterator]();
    let result = await answer.next();
    while (result.value?.type !== "end") result = await answer.next();
    expect(open.cancels).toEqual([]); // it has its moment
    expect(await answer.next()).toEqual({ done: true, value: undefined });
    expect(open.cancels.length).toBe(1);
  });

  test("a connection that ends by itself behind the sentinel is not cancelled", async () => {
    const counted = source([hello, stop(), "data: [DO", "NE]\n\n", ": bye\n\n"]);
    expect((await messageOf(counted.stream)).outcome).toBe("complete");
    expect(counted.cancels).toEqual([]);
  });

  test("a connection that fails behind the sentinel does not take the answer back", async () => {
    const counted = source([whole], { fails: new Error("reset") });
    expect((await messageOf(counted.stream)).outcome).toBe("complete");
  });

  test("a connection that never stops sending is cancelled", async () => {
    let cancels = 0;
    async function* endless(): AsyncGenerator<string> {
      try {
        yield whole;
        while (true) yield ": more\n\n";
      } finally {
        cancels++;
      }
    }
    expect((await messageOf(endless())).outcome).toBe("complete");
    expect(cancels).toBe(1);
  });
});

describe("truncated", () => {
  test("the body ends without proof", async () => {
    expect(endOf(await deltasOf(hello))).toEqual({ type: "end", outcome: "truncated" });
  });

  test("an empty body, one of white space, and one of comments", async () => {
    for (const body of ["", " \n\n", "\ufeff", ": ping\n\n: ping\n\n"]) {
      expect(await deltasOf(response(body)), JSON.stringify(body)).toEqual([{ type: "end", outcome: "truncated" }]);
    }
  });

  test("a body of null", async () => {
    expect(await deltasOf(new Response(null))).toEqual([{ type: "end", outcome: "truncated" }]);
    expect(await deltasOf(new Response(null, { status: 204 }))).toEqual([{ type: "end", outcome: "truncated" }]);
  });

  test("the connection breaks: the cause says why, and what came before stays", async () => {
    const cause = new TypeError("terminated");
    const message = await messageOf(source([hello], { fails: cause }).stream);
    expect(message).toMatchObject({ outcome: "truncated", text: "Hello", cause });
  });

  test("the connection breaks behind a finish reason", async () => {
    expect((await messageOf(source([hello + stop()], { fails: new Error("reset") }).stream)).outcome).toBe("truncated");
  });

  test("the connection breaks behind a finish reason, and nothing says why", async () => {
    const silent = new ReadableStream<string>({
      start: (controller) => controller.enqueue(hello + stop()),
      pull: (controller) => controller.error(),
    });
    expect(await messageOf(silent)).toMatchObject({ outcome: "truncated", cause: { name: "Error" } });
  });

  test("an iterator that gives no result", async () => {
    const broken = { [Symbol.iterator]: () => ({ next: () => undefined as unknown as IteratorResult<string> }) };
    expect(await deltasOf(broken)).toMatchObject([{ type: "end", outcome: "truncated", cause: { name: "TypeError" } }]);
  });

  test("an iterator that throws", async () => {
    const cause = new Error("reset");
    function* failing(): Generator<string> {
      yield hello;
      throw cause;
    }
    expect(await messageOf(failing())).toMatchObject({ text: "Hello", outcome: "truncated", cause });
  });

  test("a rejected fetch", async () => {
    const cause = new TypeError("fetch failed");
    expect(await deltasOf(Promise.reject(cause))).toEqual([{ type: "end", outcome: "truncated", cause }]);
  });

  test("a body that has been read already", async () => {
    const used = response(whole);
    await used.text();
    expect(await deltasOf(used)).toMatchObject([{ type: "end", outcome: "truncated", cause: { name: "TypeError" } }]);
    const locked = response(whole);
    locked.body?.getReader();
    expect(await deltasOf(Promise.resolve(locked))).toMatchObject([{ type: "end", outcome: "truncated" }]);
  });
});

describe("error", () => {
  test.for([
    [
      "JSON",
      401,
      "application/json",
      '{"error":{"message":"Bad key","type":"auth_error","code":"invalid_api_key"}}',
      { message: "Bad key", code: "invalid_api_key" },
    ],
    [
      "JSON behind a byte order mark",
      401,
      "application/json",
      '\ufeff {"error":{"message":"Bad key"}}',
      { message: "Bad key" },
    ],
    [
      "Anthropic's JSON",
      529,
      "application/json",
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      { message: "Overloaded", code: "overloaded_error" },
    ],
    [
      "Google's array",
      429,
      "application/json",
      '[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}]',
      { message: "Quota", code: 429 },
    ],
    ["a message alone", 400, "application/json", '{"message":"invalid request"}', { message: "invalid request" }],
    [
      "a list of errors",
      403,
      "application/json",
      '{"success":false,"errors":[{"code":7000,"message":"No route"}]}',
      { message: "No route", code: 7000 },
    ],
    [
      "a page",
      502,
      "text/html",
      "<html><head><title> 502 Bad Gateway </title></head></html>",
      { message: "HTTP status 502: 502 Bad Gateway" },
    ],
    ["words", 503, "text/plain", "upstream connect error", { message: "HTTP status 503: upstream connect error" }],
    ["nothing", 500, "text/plain", "", { message: "HTTP status 500" }],
    ["an event", 400, "text/event-stream", 'event: error\ndata: {"error":{"message":"Bad"}}\n\n', { message: "Bad" }],
    ["a stream of an answer", 500, "text/event-stream", whole, { status: 500 }],
  ] as const)("HTTP status with %s", async ([, status, type, body, delta]) => {
    const deltas = await deltasOf(response(body, type, status));
    expect(deltas).toMatchObject([
      { type: "error", status, ...delta },
      { type: "end", outcome: "error", cause: { type: "error", status } },
    ]);
    expect(ofType(deltas, "error")[0]?.raw).toBe(body);
  });

  test("HTTP status with a body of null, a broken one, or one that has been used", async () => {
    for (const body of [null, source([], { fails: new Error("reset") }).stream]) {
      expect(endOf(await deltasOf(new Response(body, { status: 500 }))).outcome).toBe("error");
    }
    const used = response("{}", "application/json", 500);
    await used.text();
    expect(endOf(await deltasOf(used)).outcome).toBe("error");
  });

  test.for([
    ["a page", "text/html", "<!doctype html><title>Sign in</title>", "The body is no stream: Sign in"],
    ["a blank page", "text/html", " \n", "The body is no stream"],
    [
      "a page that says it is a stream",
      "text/event-stream",
      "<html><title>Sign in</title></html>",
      "The body is no stream: Sign in",
    ],
    ["an error in JSON", "application/json", '{"error":{"message":"Bad key"}}', "Bad key"],
    [
      "an answer that was not streamed",
      "application/json",
      '{"object":"chat.completion","choices":[{"message":{"content":"Hi"}}]}',
      "The body is of no known dialect: was it asked to stream?",
    ],
    [
      "words",
      "text/plain",
      "upstream connect error or disconnect",
      "A line that is no field of an event stream: upstream connect error or disconnect",
    ],
  ] as const)("a body that is no stream: %s", async ([, type, body, message]) => {
    const deltas = await deltasOf(response(body, type));
    expect(ofType(deltas, "error")).toMatchObject([{ message }]);
    expect(endOf(deltas).outcome).toBe("error");
  });

  test("a long body that is no stream says the same however it is cut", async () => {
    const body = JSON.stringify({ error: { message: "Bad key" }, padding: "x".repeat(20_000) });
    const whole = await deltasOf(response(body, "application/json", 401));
    const pieces = source(body.match(/.{1,1000}/gs) ?? []).stream;
    expect(await deltasOf(response(pieces, "application/json", 401))).toEqual(whole);
    expect(whole.length).toBe(2);
  });

  test("a page without end is not read to the end", async () => {
    const page = source(
      Array.from({ length: 100 }, () => `<p>${"x".repeat(1000)}</p>`),
      { hangs: true },
    );
    expect((await messageOf(page.stream)).outcome).toBe("error");
    expect(page.cancels.length).toBe(1);
    expect(page.pulls).toBeLessThan(20);
  });

  test("the provider's error outweighs a broken connection and a missing proof", async () => {
    const failed = source([hello, event({ error: { message: "x" } }, "error")], { fails: new Error("reset") });
    expect((await messageOf(failed.stream)).outcome).toBe("error");
  });
});

describe("aborted", () => {
  test("before the call", async () => {
    const counted = source([whole]);
    const reason = new Error("not now");
    expect(await deltasOf(counted.stream, { signal: AbortSignal.abort(reason) })).toEqual([
      { type: "end", outcome: "aborted", cause: reason },
    ]);
    expect(counted.cancels).toEqual([reason]);
    expect(counted.pulls).toBe(0);
  });

  test("before the first byte", async () => {
    const counted = source([], { hangs: true });
    const button = new AbortController();
    const deltas = deltasOf(counted.stream, { signal: button.signal });
    setTimeout(() => button.abort(), 5);
    expect(await deltas).toMatchObject([{ type: "end", outcome: "aborted", cause: { name: "AbortError" } }]);
    expect(counted.cancels.length).toBe(1);
  });

  test("before the response, whose body is then cancelled when it comes", async () => {
    const counted = source([whole]);
    const button = new AbortController();
    let respond: ((response: Response) => void) | undefined;
    const request = new Promise<Response>((resolve) => {
      respond = resolve;
    });
    const deltas = deltasOf(request, { signal: button.signal });
    button.abort();
    expect(await deltas).toMatchObject([{ type: "end", outcome: "aborted" }]);
    respond?.(new Response(counted.stream));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(counted.cancels.length).toBe(1);
  });

  test("in the middle: what came stays", async () => {
    const counted = source([hello], { hangs: true });
    const button = new AbortController();
    const message = messageOf(counted.stream, { signal: button.signal });
    setTimeout(() => button.abort(), 5);
    expect(await message).toMatchObject({ outcome: "aborted", text: "Hello" });
    expect(counted.cancels.length).toBe(1);
  });

  test("fetch's own abort, without a signal of ours", async () => {
    const cause = new DOMException("This operation was aborted", "AbortError");
    expect(await deltasOf(Promise.reject(cause))).toEqual([{ type: "end", outcome: "aborted", cause }]);
  });

  test("nothing listens to a signal any more once the answer is over, also when it never began", async () => {
    const used = response(whole);
    await used.text();
    for (const body of [whole, used]) {
      const { signal } = new AbortController();
      await messageOf(body, { signal });
      expect(getEventListeners(signal, "abort")).toEqual([]);
    }
  });

  test("after the end it changes nothing", async () => {
    const button = new AbortController();
    const message = await messageOf(whole, { signal: button.signal });
    button.abort();
    expect(message.outcome).toBe("complete");
  });

  test("cancel() ends a loop that is waiting, and a message", async () => {
    const counted = source([hello], { hangs: true });
    const answer = chat(counted.stream);
    const message = answer.message();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await answer.cancel("enough");
    expect(await message).toMatchObject({ outcome: "aborted", text: "Hello", cause: "enough" });
    expect(counted.cancels).toEqual(["enough"]);
  });

  test("a source whose read stays pending when it is cancelled holds nobody up", async () => {
    const pending = (): Promise<never> => new Promise(() => {});
    const first = [whole];
    const reader = {
      read: () => (first.length > 0 ? Promise.resolve({ done: false, value: first.pop() }) : pending()),
      cancel: pending,
      releaseLock: () => undefined,
    };
    const deaf = { getReader: () => reader } as unknown as ReadableStream<string>;
    expect((await messageOf(deaf)).outcome).toBe("complete"); // and its moment passes
    const button = new AbortController();
    const message = messageOf(deaf, { signal: button.signal });
    setTimeout(() => button.abort(), 5);
    expect((await message).outcome).toBe("aborted");
  });

  test("a source whose cancelling hangs or throws holds nobody up", async () => {
    const button = new AbortController();
    const hanging = new ReadableStream({ cancel: () => new Promise<void>(() => {}) });
    const throwing = new ReadableStream({ cancel: () => Promise.reject(new Error("no")) });
    const messages = [hanging, throwing].map((stream) => messageOf(stream, { signal: button.signal }));
    button.abort();
    for (const message of await Promise.all(messages)) expect(message.outcome).toBe("aborted");
  });
});

describe("leaving", () => {
  test("a throw into a generator that delegates to the answer cancels the source once", async () => {
    const counted = source([hello], { hangs: true });
    const deltas = (async function* () {
      yield* chat(counted.stream);
    })();
    await deltas.next();
    await expect(deltas.throw(new Error("no"))).rejects.toThrow("no");
    expect(counted.cancels.length).toBe(1);
  });

  test("break cancels the source once, and nothing is read on", async () => {
    const counted = source([hello, hello, hello], { hangs: true });
    for await (const delta of chat(counted.stream)) if (delta.type === "text") break;
    expect(counted.cancels.length).toBe(1);
    expect(counted.pulls).toBe(1);
  });

  test("break at the end delta of a connection that stays open cancels it", async () => {
    const counted = source([whole], { hangs: true });
    for await (const delta of chat(counted.stream)) if (delta.type === "end") break;
    expect(counted.cancels.length).toBe(1);
  });

  test("not asking on behind the end delta leaves no connection open", async () => {
    const counted = source([whole], { hangs: true });
    const deltas = chat(counted.stream)[Symbol.asyncIterator]();
    for (let next = await deltas.next(); next.value?.type !== "end"; next = await deltas.next());
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(counted.cancels.length).toBe(1);
  });

  test("cancelling the stream of deltas cancels the source once", async () => {
    const counted = source([hello], { hangs: true });
    const reader = chat(counted.stream).readable.getReader();
    await reader.read();
    await reader.cancel("bye");
    expect(counted.cancels).toEqual(["bye"]);
  });

  test("await using stops it", async () => {
    const counted = source([hello], { hangs: true });
    {
      await using answer = chat(counted.stream);
      await answer[Symbol.asyncIterator]().next();
    }
    expect(counted.cancels.length).toBe(1);
  });
});

describe("the three ways to read", () => {
  test("the stream gives the same deltas", async () => {
    const deltas: unknown[] = [];
    const reader = chat(whole).readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) deltas.push(next.value);
    expect(deltas).toEqual(await deltasOf(whole));
  });

  test("text() gives the text of a whole answer", async () => {
    const texts: string[] = [];
    for await (const text of chat(hello + hello + stop() + DONE).text()) texts.push(text);
    expect(texts).toEqual(["Hello", "Hello"]);
  });

  test("text() throws behind the text that came, with the answer", async () => {
    const texts: string[] = [];
    const cause = new Error("reset");
    const reading = (async () => {
      for await (const text of chat(source([hello], { fails: cause }).stream).text()) texts.push(text);
    })();
    const error = await reading.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(IncompleteAnswerError);
    expect(error).toMatchObject({
      name: "IncompleteAnswerError",
      cause,
      answer: { text: "Hello", outcome: "truncated" },
    });
    expect(texts).toEqual(["Hello"]);
  });

  test("leaving text() cancels the source", async () => {
    const counted = source([hello], { hangs: true });
    for await (const _ of chat(counted.stream).text()) break;
    expect(counted.cancels.length).toBe(1);
  });

  test("overlapping next() are served in order", async () => {
    const deltas = chat(source([hello, stop(), DONE]).stream)[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 6 }, () => deltas.next()));
    expect(results.map(({ value }) => value?.type)).toEqual(["start", "text", "finish", "end", undefined, undefined]);
  });

  test("overlapping next() of text() are served in order, whatever else stands between the texts", async () => {
    const said = ["a", "b", "c"].map((content) => chunk({ content }) + chunk({ reasoning: "Hm" }));
    const texts = chat(source([chunk({ role: "assistant" }), ...said, stop() + DONE]).stream).text();
    const results = await Promise.all(Array.from({ length: 5 }, () => texts.next()));
    expect(results.map(({ value }) => value)).toEqual(["a", "b", "c", undefined, undefined]);
  });

  test("it is read once", () => {
    const answer = chat(whole);
    answer.readable;
    expect(() => answer[Symbol.asyncIterator]()).toThrow(TypeError);
    expect(() => answer.text()).toThrow(TypeError);
  });

  test("what is no source is the caller's mistake", () => {
    // @ts-expect-error a number
    expect(() => chat(42)).toThrow(TypeError);
    // @ts-expect-error nothing
    expect(() => chat(undefined)).toThrow(TypeError);
    expect(() => chat("", { deadlines: { idle: -1 } })).toThrow("deadlines.idle");
    // @ts-expect-error null
    expect(() => chat("", { deadlines: { first: null } })).toThrow("deadlines.first");
    expect(() => chat("", { maxLength: 0 })).toThrow("maxLength");
  });

  test("a promise of another make, which has no more than a `then`", async () => {
    // biome-ignore lint/suspicious/noThenProperty: it is what is tested
    const promise = { then: (resolve: (body: string) => void) => resolve(whole) } as Promise<string>;
    expect(endOf(await deltasOf(promise)).outcome).toBe("complete");
  });

  test("an iterable that has headers of its own, as Node's messages do, is no Response", async () => {
    const message = Object.assign([whole], { headers: { "content-type": "text/event-stream" }, statusCode: 200 });
    expect(endOf(await deltasOf(message)).outcome).toBe("complete");
  });

  test("chunks that are neither bytes nor text end it with an error", async () => {
    // @ts-expect-error objects
    const deltas = await deltasOf([{ a: 1 }]);
    expect(ofType(deltas, "error")).toMatchObject([
      { message: expect.stringContaining("bytes or strings") as unknown },
    ]);
    expect(endOf(deltas).outcome).toBe("error");
  });
});
