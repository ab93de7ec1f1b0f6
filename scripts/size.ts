// What sluice costs in a bundle: minified and gzipped, from dist, as a user's bundler would take it. Fails above the budgets of
// size.json, and when one stage drags another along.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const { budgets, stages } = JSON.parse(readFileSync(new URL("size.json", import.meta.url), "utf8")) as {
  budgets: { name: string; code: string; bytes: number }[];
  stages: string[];
};
const complaints: string[] = [];

console.log(`${"bundle".padEnd(32)}${"min".padStart(8)}${"min+gz".padStart(8)}${"budget".padStart(8)}`);
for (const { name, code, bytes } of budgets) {
  const min = await bundle(code, true);
  const size = gzipSync(min, { level: 9 }).length;
  const columns = [min.length, size, bytes].map((number) => String(number).padStart(8)).join("");
  console.log(`${name.padEnd(32)}${columns}${size > bytes ? "  over" : ""}`);
  if (size > bytes) complaints.push(`${name}: ${size} bytes, ${size - bytes} over its budget`);
}

const alone = new Map<string, string>();
for (const stage of stages) {
  alone.set(stage, new TextDecoder().decode(await bundle(`export { ${stage} } from "sluice";`, false)));
}
for (const [stage, code] of alone) {
  if (!defines(code, stage)) complaints.push(`${stage} is not in its own bundle: this check no longer sees anything`);
  const dragged = stages.filter((other) => other !== stage && defines(code, other));
  if (dragged.length > 0) complaints.push(`importing ${stage} drags along ${dragged.join(", ")}`);
}
if (complaints.length === 0) console.log(`each of ${stages.length} stages comes alone`);

for (const complaint of complaints) console.error(`size: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;

async function bundle(contents: string, minify: boolean): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    tsconfigRaw: {}, // without `paths`, "sluice" is this package itself, through its exports: dist
    bundle: true,
    minify,
    format: "esm",
    target: "es2022",
    write: false,
    logOverride: { "ignored-bare-import": "silent" }, // what entries share is in chunks, and not all is needed
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function defines(code: string, name: string): boolean {
  return new RegExp(`^(?:async )?(?:function|var|let|const|class) ${name}\\b`, "m").test(code);
}
