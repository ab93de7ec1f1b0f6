// The stores: what record writes there is there, in order, and a new recording replaces it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type CassetteStore, formatCassette, memoryStore, record } from "sluice/cassette";
import { fileStore } from "sluice/cassette/file";
import { cutInto } from "sluice/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { countedStream } from "../support/sources.ts";

let folder: string;
let count = 0;
const newPath = (): string => join(folder, `${count++}.jsonl`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-cassette-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const body = "data: é\r\n\r\n".repeat(100);
const chunks = cutInto(new TextEncoder().encode(body), 3);

describe.each<[string, () => CassetteStore]>([
  ["in memory", memoryStore],
  ["in a file", () => fileStore(newPath())],
])("%s", (_name, make) => {
  test("what was recorded can be read as soon as the body is over", async () => {
    const store = make();
    await new Response(record(countedStream(chunks).stream, store)).text();
    const cassette = await store.read();
    expect(cassette.chunks.map(({ bytes }) => bytes)).toEqual(chunks);
    expect(cassette.end?.how).toBe("closed");
  });

  test("while it is written, too", async () => {
    const store = make();
    const reader = record(countedStream(chunks).stream, store).getReader();
    await reader.read();
    const { chunks: read, end } = await store.read();
    expect([read.length, end]).toEqual([1, undefined]);
    await reader.cancel();
    expect((await store.read()).end?.how).toBe("cancelled");
  });

  test("a new recording replaces what was there", async () => {
    const store = make();
    for (const text of ["a long first body", "b"]) await record(new Response(text), store).text();
    expect((await store.read()).chunks.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(["b"]);
  });

  test("an empty one is no cassette", async () => {
    await expect(make().read()).rejects.toThrow();
  });
});

describe("the file", () => {
  test("is the format, to the letter", async () => {
    const path = newPath();
    const store = fileStore(path);
    await record(new Response(body), store).text();
    const cassette = await store.read();
    expect(await readFile(path, "utf8")).toBe(formatCassette(cassette));
  });

  test("that a crash broke off is readable up to its last whole line", async () => {
    const path = newPath();
    const store = fileStore(path);
    await new Response(record(countedStream(chunks).stream, store)).text();
    await store.read(); // waits until it is written
    const bytes = new Uint8Array(await readFile(path));
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    const { chunks: read, end } = await store.read();
    expect(read.map((chunk) => chunk.bytes)).toEqual(chunks.slice(0, read.length));
    expect(read.length).toBeGreaterThan(10);
    expect(end).toBeUndefined();
  });

  test("that cannot be written is an error of the sink, and the body passes", async () => {
    const store = fileStore(join(folder, "no such folder", "a.jsonl"));
    const errors: unknown[] = [];
    const response = record(new Response(body), store, { onError: (error) => errors.push(error) });
    expect(await response.text()).toBe(body);
    await vi.waitFor(() => expect(errors).toEqual([expect.objectContaining({ code: "ENOENT" })]), 10_000);
    await expect(store.write("a")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

test("only the file store imports Node", async () => {
  const bundled = async (entry: string): Promise<string[]> => {
    const { metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "neutral",
      external: ["node:*"],
    });
    return Object.values(metafile.inputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    );
  };
  expect(await bundled("src/cassette/index.ts")).toEqual([]);
  expect(await bundled("src/testing/index.ts")).toEqual([]);
  expect(await bundled("src/cassette/file.ts")).toEqual(["node:fs/promises"]);
});
