import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../conformance/bundle.ts";
import { cases } from "../conformance/index.ts";
import { type Report, runSuite } from "../conformance/suite.ts";

// Law 8. The same everywhere: the cases of test/conformance give one digest. Here, where nothing but npm is needed: in this test
// runner's Node with the source, and with what is built in a plain Node and in workerd. `npm run test:everywhere` has the rest.

/** Checks the law. */
function assertSameEverywhere(reports: Record<string, Report>): void {
  const [first, ...others] = Object.entries(reports);
  for (const [name, report] of others) {
    const names = `${name} beside ${first?.[0]}`;
    expect(report.transcripts, names).toEqual(first?.[1].transcripts);
    expect(report.digest, names).toBe(first?.[1].digest);
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The suite with what is built, and a case that no two runtimes agree on, to show that the law notices. */
const bundled = (run: string): Promise<string> =>
  bundle(
    `import { main } from "./main.ts";
    import { runSuite } from "./suite.ts";
    const unhandled: unknown[] = [];
    const runtimeCase = { name: "the runtime", run: (note) => note("calls itself", navigator.userAgent) };
    const reports = async () => [(await main(unhandled)).report, await runSuite([runtimeCase], { unhandled })];
    ${run}`,
    { folder: root },
  );

type Reports = [law: Report, withRuntimeCase: Report];

async function inNode(): Promise<Reports> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-everywhere-"));
  try {
    const file = join(folder, "everywhere.mjs");
    const contents = await bundled(`
      process.on("unhandledRejection", (reason) => unhandled.push(reason));
      console.log(JSON.stringify(await reports()));`);
    await writeFile(file, contents);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inWorkerd(): Promise<Reports> {
  const contents = await bundled(`
    addEventListener("unhandledrejection", ({ reason }) => unhandled.push(reason));
    export default { fetch: async () => Response.json(await reports()) };`);
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

/** This test runner's Node; its own listeners would fail the test for the rejection that shows that it would be noticed. */
async function here(): Promise<Report> {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", note);
  try {
    return await runSuite(cases, { unhandled });
  } finally {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
  }
}

describe("one list of cases", () => {
  let source: Report;
  let node: Reports;
  let workerd: Reports;

  beforeAll(async () => {
    [source, node, workerd] = await Promise.all([here(), inNode(), inWorkerd()]);
  });

  test("gives one digest in each runtime, without a fault", () => {
    assertSameEverywhere({ "this runner's Node": source, "plain Node": node[0], workerd: workerd[0] });
    expect(workerd[0].transcripts.length).toBe(cases.length);
    for (const { faults } of [source, node[0], workerd[0]]) expect(faults).toEqual([]);
  });

  test("the law notices a case that is not the same in each", () => {
    expect(() => assertSameEverywhere({ node: node[1], workerd: workerd[1] })).toThrow("workerd beside node");
  });
});
