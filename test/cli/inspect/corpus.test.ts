import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { chat } from "sluice/chat";
import { describe, expect, test } from "vitest";
import { DIALECTS } from "../../../src/cli/dialects.ts";
import { Analysis } from "../../../src/cli/inspect/analysis.ts";
import { htmlView } from "../../../src/cli/inspect/html.ts";
import { terminalView } from "../../../src/cli/inspect/terminal.ts";

// SLUICE_CORPUS names a folder of recorded streams; without it there is nothing to do here.
const folder = process.env["SLUICE_CORPUS"];

describe.runIf(folder !== undefined)("every recorded stream can be inspected", () => {
  const files = folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

  test.for(files.filter((file) => statSync(join(folder ?? "", file)).isFile()))("%s", async (file) => {
    const bytes = readFileSync(join(folder ?? "", file));
    const analysis = new Analysis({ source: { name: file, kind: "pipe", zero: "command" }, dialects: DIALECTS });
    for (let start = 0; start < bytes.length; start += 1000) analysis.push(bytes.subarray(start, start + 1000), start);
    const report = analysis.end();
    const { outcome } = await chat([bytes]).message();
    expect(report.outcome).toBe(outcome);
    expect(report.bytes).toBe(bytes.length);
    const view = terminalView(report, { colors: pc.createColors(false), columns: 100 });
    expect(view).not.toMatch(/undefined|NaN|\[object/);
    for (const line of view.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(htmlView(report, { script: "", style: "" })).toContain(`id="report"`);
  });
});
