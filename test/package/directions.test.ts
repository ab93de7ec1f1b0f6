import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// Imports run one way: faces → chat → json, sse, text → stage. The rule is in biome.json (noRestrictedImports, a list of what
// each folder may import); these cases show that it bites and that it lets through what it should.

const cases: { file: string; allowed: string[]; forbidden: string[] }[] = [
  { file: "src/errors.ts", allowed: ["./options.js"], forbidden: ["./flow.js", "./text/a.js", "node:util"] },
  { file: "src/stage.ts", allowed: ["./pair.js"], forbidden: ["./flow.js", "./index.js", "./text/a.js", "node:fs"] },
  { file: "src/flow.ts", allowed: ["./stage.js"], forbidden: ["./index.js", "./text/a.js", "node:stream/web"] },
  { file: "src/text/a.ts", allowed: ["./b.js", "../stage.js"], forbidden: ["../sse/a.js", "../flow.js", "fast-check"] },
  { file: "src/sse/a.ts", allowed: ["../text/a.js"], forbidden: ["../json/a.js", "../index.js", "node:fs"] },
  { file: "src/json/a.ts", allowed: ["../sse/a.js", "../text/a.js"], forbidden: ["../chat/index.js", "../flow.js"] },
  { file: "src/index.ts", allowed: ["./flow.js", "./sse/a.js"], forbidden: ["./chat/index.js", "./serve/index.js"] },
  { file: "src/chat/a.ts", allowed: ["../json/a.js", "./b.js", "../flow.js"], forbidden: ["../serve/a.js", "node:fs"] },
  { file: "src/chat/dialects/a.ts", allowed: ["../delta.js", "../../json/a.js"], forbidden: ["../../cassette/a.js"] },
  { file: "src/serve/a.ts", allowed: ["../chat/index.js"], forbidden: ["../cli/a.js", "node:http", "marked"] },
  { file: "src/cassette/a.ts", allowed: ["../stage.js"], forbidden: ["node:fs"] },
  { file: "src/cassette/file.ts", allowed: ["node:fs/promises", "./a.js"], forbidden: ["marked"] },
  { file: "src/cli/a.ts", allowed: ["node:fs", "../chat/index.js", "commander", "picocolors"], forbidden: ["marked"] },
  { file: "src/cli/inspect/page/a.ts", allowed: ["./b.js", "uplot"], forbidden: ["node:fs", "../../a.js", "marked"] },
];

test("an import against the direction is an error, one along it is not", async () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const house = await mkdtemp(join(tmpdir(), "sluice-directions-"));
  try {
    await cp(join(root, "biome.json"), join(house, "biome.json"));
    const expected: string[] = [];
    for (const { file, allowed, forbidden } of cases) {
      await mkdir(dirname(join(house, file)), { recursive: true });
      await writeFile(join(house, file), [...allowed, ...forbidden].map((name) => `import "${name}";\n`).join(""));
      for (const name of forbidden) expected.push(`${file} imports ${name}`);
    }
    expect((await findings(house, join(root, "node_modules/.bin/biome"))).sort()).toEqual(expected.sort());
  } finally {
    await rm(house, { recursive: true });
  }
});

async function findings(cwd: string, biome: string): Promise<string[]> {
  const flags = [
    "--vcs-enabled=false",
    "--only=style/noRestrictedImports",
    "--max-diagnostics=none",
    "--reporter=json",
  ];
  // It exits 1 when it finds something; then the output is in the error.
  const { stdout } = await promisify(execFile)(biome, ["lint", ...flags], { cwd }).catch(
    (error: { stdout: string }) => error,
  );
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string; start: { line: number } } }[];
  };
  return diagnostics
    .filter(({ category }) => category === "lint/style/noRestrictedImports")
    .map(({ location: { path, start } }) => {
      const { allowed, forbidden } = cases.find(({ file }) => file === path) ?? { allowed: [], forbidden: [] };
      return `${path} imports ${[...allowed, ...forbidden][start.line - 1]}`;
    });
}
