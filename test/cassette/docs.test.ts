import { readFile } from "node:fs/promises";
import { formatCassette, parseCassette } from "sluice/cassette";
import { expect, test } from "vitest";

test("the cassette that docs/cassette.md shows is one, to the letter", async () => {
  const page = await readFile(new URL("../../docs/cassette.md", import.meta.url), "utf8");
  const text = /```text\n(\{"cassette":1,.*?)```/s.exec(page)?.[1] ?? "";
  const cassette = parseCassette(text);
  expect(cassette.chunks.map(({ bytes }) => bytes.length)).toEqual([15, 8, 3, 3]);
  expect(formatCassette(cassette)).toBe(text);
});
