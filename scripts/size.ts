// What sluice costs in a bundle: minified and gzipped, from dist, as a user's bundler would take it. Fails above the budgets of
// size.json, and when an export drags along another that it is not made of. With the argument `parts` it says what each bundle
// is made of instead.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const { budgets, brings } = JSON.parse(readFileSync(new URL("size.json", import.meta.url), "utf8")) as {
  budgets: { name: string; code: string; bytes: number }[];
  /** What exports bring along because they are made of it: all of them, those of an entry, or one. */
  brings: Record<string, string[]>;
};
const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  exports: Record<string, string | { default: string }>;
};
const entries = new Map<string, string[]>();
for (const [path, target] of Object.entries(exports)) {
  if (typeof target === "string") continue;
  const module = (await import(new URL(target.default, new URL("../", import.meta.url)).href)) as object;
  entries.set(`sluice${path.slice(1)}`, Object.keys(module));
}
if (process.argv[2] === "parts") {
  for (const { name, code } of budgets) await printParts(name, code);
  process.exit();
}
const complaints: string[] = [];

console.log(`${"bundle".padEnd(32)}${"min".padStart(8)}${"min+gz".padStart(8)}${"budget".padStart(8)}`);
for (const { name, code, bytes } of budgets) {
  const min = await bundle(code, true);
  const size = gzipSync(min, { level: 9 }).length;
  const columns = [min.length, size, bytes].map((number) => String(number).padStart(8)).join("");
  console.log(`${name.padEnd(32)}${columns}${size > bytes ? "  over" : ""}`);
  if (size > bytes) complaints.push(`${name}: ${size} bytes, ${size - bytes} over its budget`);
}

// Every export of every entry, alone in a bundle: which others come along?
let count = 0;
for (const [entry, exported] of entries) {
  for (const name of exported) {
    const code = new TextDecoder().decode(await bundle(`export { ${name} } from "${entry}";`, false));
    count++;
    if (!defines(code, name)) complaints.push(`${name} is not in its own bundle: this check no longer sees anything`);
    const expected = [...(brings["*"] ?? []), ...(brings[entry] ?? []), ...(brings[name] ?? [])];
    if (expected.includes("everything")) continue;
    const others = new Set([...exported, ...(entries.get("sluice") ?? [])]);
    const dragged = [...others].filter((other) => other !== name && defines(code, other) && !expected.includes(other));
    if (dragged.length > 0) complaints.push(`importing ${name} from ${entry} drags along ${dragged.join(", ")}`);
  }
}
if (complaints.length === 0)
  console.log(`each of ${count} exports of ${entries.size} entries comes alone, or with what size.json says`);

for (const complaint of complaints) console.error(`size: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;

/** What each file of the sources adds to a bundle, minified: compressed, they share what they have in common. */
async function printParts(name: string, code: string): Promise<void> {
  const { metafile } = await build({ ...options(code, true), tsconfig: `${root}tsconfig.json`, metafile: true });
  for (const { bytes, inputs } of Object.values(metafile.outputs)) {
    console.log(`${String(bytes).padStart(6)}  ${name}`);
    const parts = Object.entries(inputs).map(([path, { bytesInOutput }]) => ({ path, length: bytesInOutput }));
    for (const { path, length } of parts.sort((a, b) => b.length - a.length)) {
      if (length > 0) console.log(`${String(length).padStart(6)}    ${path}`);
    }
  }
}

/** As users bundle it: without the `paths` of the sources, "sluice" is this package itself, through its exports. */
async function bundle(code: string, minify: boolean): Promise<Uint8Array> {
  const { outputFiles } = await build({ ...options(code, minify), tsconfigRaw: {} });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function options(contents: string, minify: boolean) {
  return {
    stdin: { contents, resolveDir: root },
    bundle: true,
    external: ["node:*"],
    minify,
    format: "esm",
    target: "es2022",
    write: false,
    logOverride: { "ignored-bare-import": "silent" }, // what entries share is in chunks, and not all is needed
  } satisfies BuildOptions;
}

function defines(code: string, name: string): boolean {
  return new RegExp(`^(?:async )?(?:function|var|let|const|class) ${name}\\b`, "m").test(code);
}
