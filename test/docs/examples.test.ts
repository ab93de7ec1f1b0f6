// Runs the documentation: every ```ts example of the README, of docs and of the docstrings in src is compiled as strictly as the tests
// and run in a Node of its own. How to write one:
//
//     ```ts
//     import { decode, flow } from "sluice";
//     for await (const text of flow([new Uint8Array([104, 105])], decode())) console.log(text); // → hi
//     ```
//
// - `// →` beside a line states what the line gives and is checked: after `console.log(…)` its output (in a loop a list of
//   them, with ", " between), after `const x = …` x, after any other expression its value.
// - `// →` alone below is one line of what the example prints; together they are all it prints, in order, except for lines
//   that have an arrow beside them.
// - Values read as Node prints them, each on one line; which quotes they have and spaces inside brackets make no difference.
// - Without arrows an example just has to compile, to run without throwing and to end.
// - ```ts vitest is a file of tests, which have to pass.
// - ```ts no-run only has to compile: a fetch of something that is not there, a page.
// - An example imports all it uses. Complaints carry the line of the file the example stands in.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { glob, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Example {
  file: string;
  line: number; // of its first line of code
  code: string;
  kind: "run" | "vitest" | "compile";
}

const KINDS: Readonly<Record<string, Example["kind"]>> = { ts: "run", "ts vitest": "vitest", "ts no-run": "compile" };

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const examples = await collect();
let folder: string; // in the project, so that its tsconfig.json and packages are found

beforeAll(async () => {
  folder = await mkdtemp(join(root, "test/docs/.examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("what is exported has examples", async () => {
  const face = join(root, "src/index.ts");
  if (!existsSync(face) || !/^export /m.test(await readFile(face, "utf8"))) return;
  expect(examples.filter(({ file }) => file.startsWith("src/")).length).toBeGreaterThan(0);
});

test.runIf(examples.length > 0)("every example compiles", async () => {
  for (const { file, line, code } of examples) {
    // Blank lines in front: the compiler then names the line of the original.
    await writeFile(join(folder, `${file.replaceAll("/", "__")}-${line}.ts`), "\n".repeat(line - 1) + code);
  }
  const config = {
    extends: "../../../tsconfig.json",
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ["*.ts"],
    exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const complaints = await run(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], {
    cwd: folder,
  })
    .then(() => "")
    .catch((error: { stdout: string }) => error.stdout);
  expect(complaints.replace(/^(\S+)-\d+\.ts\(/gm, (_, name: string) => `${name.replaceAll("__", "/")}(`)).toBe("");
});

describe("examples do what they say", () => {
  test.for(
    examples
      .filter(({ kind }) => kind === "run")
      .map((example) => [`${example.file}:${example.line}`, example] as const),
  )("%s", { concurrent: false }, async ([name, example]) => {
    const { code, expected } = instrument(example);
    const script = join(folder, `${name.replaceAll(/[/:]/g, "__")}.mjs`);
    await build({
      stdin: { contents: code, loader: "ts", resolveDir: folder, sourcefile: name },
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "es2022",
      logLevel: "silent",
      outfile: script,
    });
    const { stdout } = await run(process.execPath, [script], { cwd: root, timeout: 20_000 });
    const printed: string[] = [];
    const beside = new Map<number, string[]>();
    for (const [, line, json = ""] of stdout.matchAll(/^→(\d*) (.*)$/gm)) {
      const text = JSON.parse(json) as string;
      if (line === "") printed.push(text);
      else beside.set(Number(line), [...(beside.get(Number(line)) ?? []), text]);
    }
    for (const [line, value] of expected.beside) {
      const gave = beside.get(line)?.join(", ") ?? "(never reached)";
      expect(plain(gave), `${example.file}:${line}`).toBe(plain(value));
    }
    if (expected.printed.length > 0) expect(plain(printed.join("\n"))).toBe(plain(expected.printed.join("\n")));
  });
});

const testFiles = examples.filter(({ kind }) => kind === "vitest");

test.runIf(testFiles.length > 0)("every example that is a file of tests passes", async () => {
  for (const { file, line, code } of testFiles) {
    await writeFile(join(folder, `${file.replaceAll("/", "__")}-${line}.test.ts`), "\n".repeat(line - 1) + code);
  }
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const output = join(folder, "report.json");
  await run(process.execPath, [vitest, "run", folder, "--reporter=json", "--outputFile", output], { cwd: root }).catch(
    () => undefined, // it exits 1 when a test fails: the report says which
  );
  const report = JSON.parse(await readFile(output, "utf8")) as {
    numPassedTests: number;
    testResults: {
      name: string;
      message: string;
      assertionResults: { fullName: string; failureMessages: string[] }[];
    }[];
  };
  const complaints = report.testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message === "" ? [] : [`${name}: ${message}`]),
    ...assertionResults.flatMap(({ fullName, failureMessages }) =>
      failureMessages.map((text) => `${fullName}: ${text}`),
    ),
  ]);
  expect(complaints).toEqual([]);
  expect(report.numPassedTests).toBeGreaterThanOrEqual(testFiles.length);
});

/** Finds the examples: fences in the README and in docs, fences in the docstrings of src. */
async function collect(): Promise<Example[]> {
  const found: Example[] = [];
  const files = existsSync(join(root, "README.md")) ? ["README.md"] : [];
  for await (const file of glob(["docs/*.md", "src/**/*.ts"], { cwd: root })) files.push(file.replaceAll("\\", "/"));
  for (const file of files.sort()) {
    const margin = file.endsWith(".ts") ? /^\s*\* ?/ : /^/;
    let open: Example | undefined;
    const lines = (await readFile(join(root, file), "utf8")).split("\n");
    for (const [index, whole] of lines.entries()) {
      const text = whole.replace(margin, "");
      const fence = margin.test(whole) ? /^\s*```(?<info>.*)$/.exec(text)?.groups?.["info"]?.trim() : undefined;
      if (open !== undefined && fence === "") {
        found.push(open);
        open = undefined;
      } else if (open !== undefined) {
        open.code += `${text}\n`;
      } else if (fence !== undefined) {
        const kind = KINDS[fence];
        if (kind !== undefined) open = { file, line: index + 2, code: "", kind };
      }
    }
    if (open !== undefined) throw new Error(`${file}:${open.line}: this example's fence is never closed`);
  }
  return found;
}

interface Expected {
  beside: Map<number, string>; // by line of the file
  printed: string[];
}

/** Makes the example report what it prints and what the lines with arrows give, and lists what that should be. */
function instrument({ file, line: first, code }: Example): { code: string; expected: Expected } {
  const expected: Expected = { beside: new Map(), printed: [] };
  const lines = code.split("\n");
  for (const [index, text] of code.split("\n").entries()) {
    const [, said = "", value] = /^(.*?)\s*\/\/ →(.*)$/.exec(text) ?? [];
    if (value === undefined) continue;
    if (said === "") {
      expected.printed.push(value.trim());
      continue;
    }
    const line = first + index;
    expected.beside.set(line, value);
    const declared = /^\s*(?:const|let) (\w+)\b.*;$/.exec(said)?.[1];
    if (said.includes("console.log(")) lines[index] = said.replace("console.log(", `__show(${line}, false, `);
    else if (declared !== undefined) lines[index] = `${said} __show(${line}, true, ${declared});`;
    else if (/^\s*[^\s/}].*;$/.test(said))
      lines[index] = said.replace(/^(\s*)(.*);$/, `$1__show(${line}, true, ($2));`);
    else
      throw new Error(
        `${file}:${line}: beside an arrow stands a console.log, a declaration or an expression, on one line`,
      );
  }
  return { code: [PRELUDE, ...lines].join("\n"), expected };
}

const PRELUDE = `import { inspect as __inspect } from "node:util";
function __show(line: number | "", quoted: boolean, ...values: unknown[]) {
  const show = (value: unknown) => typeof value === "string" && !quoted ? value
    : __inspect(value, { breakLength: Infinity, compact: true, depth: null, maxArrayLength: null, maxStringLength: null });
  process.stdout.write("→" + line + " " + JSON.stringify(values.map(show).join(" ")) + "\\n");
}
console.log = (...values: unknown[]) => __show("", false, ...values);`;

/** Which quotes, and white space around brackets and at the ends, are no difference. */
function plain(text: string): string {
  return text
    .replaceAll("'", '"')
    .replace(/(?<=[[{]) +| +(?=[\]}])/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
}
