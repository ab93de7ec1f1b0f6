import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { formatCassette, memoryStore, parseCassette, record, replay } from "sluice/cassette";
import { adversarialCuts, cutInto, randomCuts } from "sluice/testing";
import { describe, expect, test } from "vitest";
import { countedStream } from "../support/sources.ts";

// Recorded streams are no part of the project: SLUICE_CORPUS names a folder of them, of any kind.
const folder = process.env["SLUICE_CORPUS"];

describe("every recorded stream survives being recorded and replayed, whatever its chunks", () => {
  if (folder === undefined) {
    test.skip("SLUICE_CORPUS is not set: it names a folder of recorded streams");
    return;
  }
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );

  test("there are some", () => expect(files.length).toBeGreaterThan(0));

  test.for(files.sort())("%s", async (file) => {
    const bytes = new Uint8Array(readFileSync(join(folder, file)));
    const [random] = randomCuts(bytes, 1);
    const [adversarial] = adversarialCuts(bytes);
    for (const chunks of [[bytes], cutInto(bytes, 1021), random?.chunks ?? [], adversarial?.chunks ?? [bytes]]) {
      const store = memoryStore();
      expect(await digest(record(countedStream(chunks).stream, store))).toEqual(await digestOf(bytes));
      expect(formatCassette(parseCassette(store.text))).toBe(store.text);
      const replayed: Uint8Array[] = [];
      for await (const chunk of replay(store.text, { speed: Infinity })) replayed.push(chunk);
      expect(replayed.length === chunks.length && replayed.every((chunk, index) => equal(chunk, chunks[index]))).toBe(
        true,
      );
    }
  });
});

async function digest(body: ReadableStream): Promise<string> {
  return digestOf(await new Response(body).bytes());
}

async function digestOf(bytes: BufferSource): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}
