// The package as its users get it: packed, unpacked into a project of its own, compiled there under both ways to resolve
// modules, and run, also by the oldest Node that is promised if the user has one.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  exports: Record<string, string | { types: string; default: string }>;
};
const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === "string" ? [] : [{ name: path.replace(/^\./, "sluice"), ...target }],
);
let project: string;
let packed: string; // the package, inside the project

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "sluice-consumer-"));
  packed = join(project, "node_modules/sluice");
  await mkdir(packed, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", project], {
    cwd: root,
  });
  // npm 11 lists packages, npm 12 names them
  const [{ filename } = { filename: "" }] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  await run("tar", ["-xzf", join(project, filename), "-C", packed, "--strip-components=1"]);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", type: "module", private: true }));
});
afterAll(() => rm(project, { recursive: true, force: true }));

test("it holds what is built and its papers, nothing else", async () => {
  const names = (await readdir(packed)).filter((name) => name !== "README.md"); // npm takes it once it exists
  expect(names.sort()).toEqual(["CHANGELOG.md", "LICENSE", "dist", "package.json"]);
  const files = await readdir(join(packed, "dist"), { recursive: true });
  expect(files.filter((name) => /\.\w+$/.test(name) && !/\.(js|js\.map|css|d\.ts)$/.test(name))).toEqual([]);
  for (const entry of entries)
    expect(files.map((name) => `./dist/${name}`)).toEqual(expect.arrayContaining([entry.types, entry.default]));
});

test.for(entries)("$name: what is built exports what the source does", async ({ name, default: path }) => {
  const built = (await import(join(packed, path))) as object;
  const source = (await import(join(root, path.replace("./dist/", "src/").replace(/\.js$/, ".ts")))) as object;
  expect(Object.keys(built).sort(), name).toEqual(Object.keys(source).sort());
});

test.for([
  { module: "NodeNext", moduleResolution: "NodeNext" },
  { module: "ESNext", moduleResolution: "Bundler" },
])("its declarations compile without Node's types: $moduleResolution", async (options) => {
  const lines = entries.map(
    ({ name }, index) => `import * as face${index} from "${name}";\nexport { face${index} };\n`,
  );
  await writeFile(join(project, "index.ts"), lines.join(""));
  const compilerOptions = {
    ...options,
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  const complaints = await run(join(root, "node_modules/.bin/tsc"), ["-p", project, "--pretty", "false"], {
    cwd: project,
  })
    .then(() => "")
    .catch((error: { stdout: string }) => error.stdout);
  expect(complaints).toBe("");
});

const nodes = await installedNodes();
test.for(nodes)("it runs in Node $version", async ({ path }) => {
  const imports = entries.map(({ name }) => `await import("${name}")`).join(", ");
  const script = `
    const [core] = [${imports}];
    const body = new Response('data: {"n": 1}\\n\\ndata: [2]\\n\\ndata: [DONE]\\n\\n').body;
    const values = [];
    const stages = [core.decode(), core.splitSSE(), core.filterEmpty(), core.bufferParse()];
    for await (const value of core.flow(body, ...stages)) values.push(value);
    console.log(JSON.stringify(values));`;
  await writeFile(join(project, "run.mjs"), script);
  const { stdout } = await run(path, ["run.mjs"], { cwd: project });
  expect(stdout).toBe('[{"n":1},[2]]\n');
});

/** Every `node` on the PATH, once per version: npm puts the toolchain's first, the user's own is behind it. */
async function installedNodes(): Promise<{ version: string; path: string }[]> {
  const found = new Map([[process.version, process.execPath]]);
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "node");
    const version = await run(path, ["--version"]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined, // none there
    );
    if (version !== undefined && !found.has(version)) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
