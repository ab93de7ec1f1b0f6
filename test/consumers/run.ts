// The packed package in the hands of its users' tools: each builds a project with it, and what is built is run. A line each.
// `npm run test:consumers`; `-- --only=Vite,esbuild` runs a part.
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Miniflare } from "miniflare";
import { pack, root } from "../everywhere/pack.ts";
import { start } from "../everywhere/runtimes/child.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const runtimes = join(root, "test/everywhere/node_modules");

/** How long one step may take, in milliseconds. */
const LIMIT = 300_000;

/** What `projects/program.js` says wherever it runs. */
const SAID = JSON.stringify({
  contents: ["Grüße 🌍", "stop"],
  last: { value: { a: [1, 2] }, done: true },
  text: "Grüße 🌍",
  outcome: "complete",
  via: "sentinel",
});

/** A command and its arguments, or what cannot be said as one; what the last step says is compared. */
type Step = readonly string[] | ((folder: string) => Promise<string>);

interface Consumer {
  name: string;
  /** Its folder in `projects`. */
  project: string;
  /** The npm package whose version is told. */
  tool?: string;
  steps: readonly Step[];
  says?: string;
}

const node = process.execPath;
const { exports } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { exports: object };
const entries = Object.keys(exports).length;
const { values: options } = parseArgs({ options: { only: { type: "string" } } });
const folder = await mkdtemp(join(tmpdir(), "sluice-consumers-"));
const stop = new AbortController();
const complaints: string[] = [];
try {
  const { tarball } = await prepare();
  for (const consumer of consumers(tarball)) {
    if (options.only === undefined || options.only.split(",").includes(consumer.name)) await tell(consumer);
  }
} finally {
  stop.abort(); // whatever still runs
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const complaint of complaints) console.error(`consumers: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;

function consumers(tarball: string): readonly Consumer[] {
  const bin = (name: string): string => join(folder, "node_modules/.bin", name);
  const typescript = (resolution: string): Consumer => ({
    name: `TypeScript ${resolution}`,
    project: "typescript",
    tool: "typescript",
    steps: [
      [bin("tsc"), "-p", `tsconfig.${resolution}.json`],
      [node, `out-${resolution}/main.js`],
    ],
    says: "Rome\nRo false, Rome true\nend truncated 3",
  });
  return [
    { name: "Node 20", project: "node", steps: [[join(runtimes, "node20/bin/node"), "main.js"]] },
    { name: "Node 26", project: "node", steps: [[node, "main.js"]] },
    { name: "Node 26 require", project: "node", steps: [[node, "main.cjs"]], says: "required: complete" },
    { name: "Bun", project: "bun", steps: [[join(runtimes, "bun/bin/bun"), "main.js"]] },
    {
      name: "Deno npm:",
      project: "deno",
      steps: [[join(runtimes, "deno/deno"), "run", "--quiet", "--node-modules-dir=manual", "main.js"]],
      says: '{"npm":true}\ncomplete',
    },
    {
      name: "Vite",
      project: "vite",
      tool: "vite",
      steps: [
        [bin("vite"), "build"],
        [node, "dist/main.js"],
      ],
    },
    {
      name: "webpack",
      project: "webpack",
      tool: "webpack",
      steps: [
        [node, "build.mjs"],
        [node, "dist/main.js"],
      ],
    },
    {
      name: "esbuild",
      project: "esbuild",
      tool: "esbuild",
      steps: [
        [
          bin("esbuild"),
          "main.js",
          "--bundle",
          "--minify",
          "--format=esm",
          "--outfile=dist/main.mjs",
          "--log-level=error",
        ],
        [node, "dist/main.mjs"],
      ],
    },
    {
      name: "Next edge route",
      project: "next",
      tool: "next",
      steps: [
        [bin("next"), "build"],
        [node, "serve.mjs"],
      ],
      says: `string ${SAID}`,
    },
    {
      name: "wrangler",
      project: "wrangler",
      steps: [
        [node, join(root, "node_modules/wrangler/bin/wrangler.js"), "deploy", "--dry-run", "--outdir", "out"],
        inWorkerd,
      ],
    },
    typescript("node16"),
    typescript("bundler"),
    {
      name: "Metro",
      project: "metro",
      tool: "metro",
      steps: [
        [node, "build.mjs", "dist/main.js", "exports"],
        [node, "dist/main.js"],
      ],
    },
    {
      name: "Metro without exports",
      project: "metro",
      tool: "metro",
      steps: [
        [node, "build.mjs", "dist/old.js", "main"],
        [node, "dist/old.js"],
      ],
      says: "resolved by main",
    },
    {
      name: "are the types wrong",
      project: "types",
      tool: "@arethetypeswrong/core",
      steps: [[node, "check.mjs", tarball]],
      says: `no problem in ${entries} entries`,
    },
  ];
}

/** Lays out the projects, installs the tools as the lock file says, and the package from its tarball, as users do. */
async function prepare(): Promise<{ tarball: string }> {
  await cp(join(here, "projects"), folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) await cp(join(here, name), join(folder, name));
  await command(["npm", "ci", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  const { tarball } = await pack(folder);
  await command(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefer-offline", tarball], folder);
  return { tarball };
}

async function tell({ name, project, tool, steps, says = SAID }: Consumer): Promise<void> {
  const from = performance.now();
  const title = name.padEnd(24);
  try {
    let said = "";
    for (const step of steps) {
      const place = join(folder, project);
      said = (typeof step === "function" ? await step(place) : await command(step, place)).trim();
    }
    if (said !== says) throw new Error(`it says\n  ${said}\nand should say\n  ${says}`);
    const seconds = ((performance.now() - from) / 1000).toFixed(1).padStart(5);
    console.log(
      `${title} ${(tool === undefined ? "" : await versionOf(tool)).padEnd(10)} builds and runs ${seconds} s`,
    );
  } catch (error) {
    console.log(`${title} FAILED`);
    complaints.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function command([program = "", ...args]: readonly string[], cwd: string): Promise<string> {
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(LIMIT)]);
  const env = {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: "1",
    WRANGLER_SEND_METRICS: "false",
    DENO_DIR: join(folder, ".deno"),
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  };
  return start(program, args, signal, { cwd, env }).output;
}

async function versionOf(tool: string): Promise<string> {
  const manifest = await readFile(join(folder, "node_modules", tool, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

async function inWorkerd(place: string): Promise<string> {
  const contents = await readFile(join(place, "out/worker.js"), "utf8");
  const miniflare = new Miniflare({
    modules: [{ type: "ESModule", path: "worker.js", contents }],
    compatibilityDate: "2024-12-16",
  });
  try {
    return await (await miniflare.dispatchFetch("http://localhost/")).text();
  } finally {
    await miniflare.dispose();
  }
}
