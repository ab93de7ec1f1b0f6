import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { beforeAll, describe, expect, test } from "vitest";
import { testCoverage } from "./coverage.ts";
import { cases, type Report, report, runtimeCase } from "./everywhere.ts";

// Law 8. The same everywhere: one list of cases, run in every way, gives one digest. Here: this test runner's Node, a plain Node
// without it, and workerd.

interface Reports {
  law: Report;
  withRuntimeCase: Report;
}

/** Checks the law. */
function assertSameEverywhere(reports: Record<string, Report>): void {
  const [first, ...others] = Object.entries(reports);
  for (const [name, report] of others) expect(report, `${name} beside ${first?.[0]}`).toEqual(first?.[1]);
}

const here = fileURLToPath(new URL("./everywhere.ts", import.meta.url));

async function bundle(run: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { cases, report, runtimeCase } from ${JSON.stringify(here)};
        const reports = async () => ({ law: await report(cases), withRuntimeCase: await report([runtimeCase]) });
        ${run}`,
      resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]?.text ?? expect.fail("esbuild wrote nothing");
}

async function inNode(): Promise<Reports> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-everywhere-"));
  try {
    const file = join(folder, "everywhere.mjs");
    await writeFile(file, await bundle("console.log(JSON.stringify(await reports()));"));
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inWorkerd(): Promise<Reports> {
  const contents = await bundle("export default { fetch: async () => Response.json(await reports()) };");
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path: "everywhere.js", contents }],
    compatibilityDate: "2026-01-01",
  });
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    return (await response.json()) as Reports;
  } finally {
    await miniflare.dispose();
  }
}

describe("one list of cases", () => {
  const reports: Record<string, Reports> = {};
  const only = (key: keyof Reports): Record<string, Report> =>
    Object.fromEntries(Object.entries(reports).map(([name, each]) => [name, each[key]]));

  beforeAll(async () => {
    reports["this runner's Node"] = { law: await report(cases), withRuntimeCase: await report([runtimeCase]) };
    reports["plain Node"] = await inNode();
    reports["workerd"] = await inWorkerd();
  });

  test("gives one digest in each runtime", () => {
    assertSameEverywhere(only("law"));
    expect(Object.keys(reports).length).toBe(3);
    expect(reports["workerd"]?.law).toMatchObject({ cases: cases.length, runs: cases.length * 5 });
  });

  test("the law notices a stage that does not do the same in each", () => {
    expect(() => assertSameEverywhere(only("withRuntimeCase"))).toThrow("workerd beside");
  });
});

test("the digest notices one character", async () => {
  const one = (text: string): Promise<Report> =>
    report([{ name: "one", pipeline: () => [], input: { chunks: [text] } }]);
  expect(() => assertSameEverywhere({})).not.toThrow();
  assertSameEverywhere({ once: await one("a"), again: await one("a") });
  const different = { once: await one("a"), other: await one("b") };
  expect(() => assertSameEverywhere(different)).toThrow();
});

testCoverage("8-everywhere");
