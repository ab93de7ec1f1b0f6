// The suite itself: it uses every public export, and its digest notices one value, one offset and the order of two values.
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle, entriesOf } from "./bundle.ts";
import type * as Suite from "./case.ts";
import type { cases } from "./index.ts";
import type * as Instrument from "./instrument.ts";
import { sha256 } from "./sha256.ts";
import { digestOf } from "./suite.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Entries for one runtime alone. */
const NODE_ONLY: readonly string[] = ["sluice/cassette/file"];

type Instrumented = Pick<typeof Suite, "runCase"> &
  Pick<typeof Instrument, "makers" | "mutate" | "throwers" | "used"> & { cases: typeof cases };

let folder: string;
let suite: Instrumented;
const expected: Suite.Transcript[] = [];
/** The first case that uses an export. */
const firstUse = new Map<string, number>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
  const file = join(folder, "suite.mjs");
  const contents = ["index", "case", "instrument"].map((name) => `export * from "./${name}.ts";`).join("\n");
  const instrument = fileURLToPath(new URL("instrument.ts", import.meta.url));
  await writeFile(file, await bundle(contents, { folder: root, instrument }));
  suite = (await import(pathToFileURL(file).href)) as Instrumented;
  for (const [index, each] of suite.cases.entries()) {
    expected.push(await suite.runCase(each));
    for (const name of suite.used) if (!firstUse.has(name)) firstUse.set(name, index);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("every case is as it should be, and has a name of its own", () => {
  expect(expected.flatMap(({ faults }) => faults)).toEqual([]);
  expect(new Set(expected.map(({ name }) => name)).size).toBe(expected.length);
  for (const { name, text } of expected) expect(text, name).not.toBe("");
});

test("every public export has a case", async () => {
  const missing: string[] = [];
  for (const { name, file } of await entriesOf(root)) {
    if (NODE_ONLY.includes(name)) continue;
    const exported = Object.keys((await import(pathToFileURL(file).href)) as object);
    const unused = exported.filter((each) => !suite.used.has(`${name}: ${each}`));
    missing.push(...unused.map((each) => `${name}: ${each}`));
  }
  expect(missing).toEqual([]);
});

test("a case gives the same when it is run again", async () => {
  for (const [index, each] of suite.cases.entries()) {
    if (index % 5 === 0) expect((await suite.runCase(each)).text).toBe(expected[index]?.text);
  }
});

describe("the digest notices", () => {
  /** The digest of the transcripts up to the first that the mutation changes. */
  async function digestWith(mutation: Instrument.Mutation): Promise<[changed: string, unchanged: string]> {
    suite.mutate(mutation);
    const begin = firstUse.get(mutation.of) ?? 0;
    for (let index = begin; index < suite.cases.length; index++) {
      const each = suite.cases[index];
      const transcript = each && (await suite.runCase(each));
      if (transcript === undefined || transcript.text === expected[index]?.text) continue;
      return [digestOf([...expected.slice(0, index), transcript]), digestOf(expected.slice(0, index + 1))];
    }
    throw new Error(`Nothing noticed: ${JSON.stringify(mutation)}`);
  }

  test("one value, one offset and the order of two values, in every stage and in answers", async () => {
    expect([...suite.makers]).toEqual(
      expect.arrayContaining(["sluice: decode", "sluice: encodeSSE", "sluice/json: unfence", "sluice/chat: chat"]),
    );
    expect([...suite.throwers]).toEqual(
      expect.arrayContaining(
        ["decode", "splitSSE", "splitLines", "filterEmpty", "bufferParse"].map((name) => `sluice: ${name}`),
      ),
    );
    const mutations = [
      ...[...suite.makers].flatMap((of) => [
        { of, what: "value" as const },
        { of, what: "order" as const },
      ]),
      ...[...suite.throwers].map((of) => ({ of, what: "offset" as const })),
    ];
    for (const mutation of mutations) {
      const [changed, unchanged] = await digestWith(mutation);
      expect(changed, JSON.stringify(mutation)).not.toBe(unchanged);
    }
    suite.mutate(undefined);
  });

  test("one character, one name and the order of two cases", () => {
    const [a, b] = ["a", "b"].map((name) => ({ name, text: `${name}: 1` }));
    if (a === undefined || b === undefined) throw new Error("there are two");
    const digests = [[a, b], [b, a], [a], [a, { ...b, text: "b: 2" }], [a, { ...b, name: "c" }]].map(digestOf);
    expect(new Set(digests).size).toBe(digests.length);
  });
});

test("sha256 is SHA-256", () => {
  for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
    expect(sha256(bytes), `${length} bytes`).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});
