import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare, Response } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";

// edge-examples/list in workerd: each item goes out as soon as the provider has sent it whole.

const root = fileURLToPath(new URL("../../../", import.meta.url));
let worker: Miniflare;
/** What the provider answers with, once it is asked. */
let answer: ReadableStreamDefaultController<Uint8Array>;
let asked: () => void;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [`${root}edge-examples/list/worker.ts`],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    tsconfig: `${root}tsconfig.json`,
  });
  worker = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text ?? "",
    compatibilityDate: "2026-07-01",
    bindings: { UPSTREAM_URL: "http://upstream.test/", UPSTREAM_API_KEY: "key", MODEL: "model" },
    outboundService: () => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          answer = controller;
        },
      });
      asked();
      return new Response(body as never, { headers: { "content-type": "text/event-stream" } });
    },
  });
  await worker.ready;
});
afterAll(() => worker.dispose());

const encoder = new TextEncoder();
const say = (content: string): void =>
  answer.enqueue(encoder.encode(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`));

/** Reads until the text that has come so far holds `end`. */
async function until(reader: ReadableStreamDefaultReader<unknown>, end: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes(end)) {
    const { done, value } = await reader.read();

    if (done) throw new Error(`the end came before ${end}: ${text}`);
    if (value instanceof Uint8Array) text += decoder.decode(value, { stream: true });
  }
  return text;
}

/** Asks the Worker. Nobody's headers are sent before there is something in the body, so the first words are said here. */
async function get(accept: string, words: string): Promise<ReadableStreamDefaultReader<unknown>> {
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  // Compressed, a page would wait for more than an item.
  const response = worker.dispatchFetch("http://list.test/?topic=rivers", {
    headers: { accept, "accept-encoding": "identity" },
  });
  await isAsked;
  say(words);
  const { body } = await response;
  if (body === null) throw new Error("there is no body");
  return body.getReader();
}

test("each item is a line as soon as it is whole", async () => {
  const reader = await get(
    "application/x-ndjson",
    'Here it is:\n```json\n{"items":[{"name":"Rhine","why":"```long"},{"na',
  );
  expect(await until(reader, "\n")).toBe('{"name":"Rhine","why":"```long"}\n');
  say('me":"Elbe","why":"<b>"}]}\n```');
  expect(await until(reader, "\n")).toBe('{"name":"Elbe","why":"<b>"}\n');
  answer.enqueue(encoder.encode("data: [DONE]\n\n"));
  answer.close();
  expect(await until(reader, "\n")).toBe('{"type":"end","outcome":"complete"}\n');
  expect((await reader.read()).done).toBe(true);
});

test("lines say when the list is not complete", async () => {
  const reader = await get("application/x-ndjson", '{"items":[{"name":"Rhine","why":"long"},{"na');
  expect(await until(reader, "\n")).toBe('{"name":"Rhine","why":"long"}\n');
  answer.enqueue(encoder.encode('data: {"error":{"message":"Overloaded"}}\n\n'));
  answer.close();
  expect(await until(reader, '"outcome"')).toBe(
    '{"message":"The stream failed","type":"error"}\n{"type":"end","outcome":"error"}\n',
  );
  expect((await reader.read()).done).toBe(true);
});

test("the page grows with the items, and says when the list is not complete", async () => {
  const reader = await get("text/html", '{"items":[{"name":"Rhine","why":"<script>"},');
  expect(await until(reader, "</li>")).toContain("<li><b>Rhine</b> &#60;script&#62;</li>");
  answer.close();
  expect(await until(reader, "</p>")).toContain("The list is not complete");
});
