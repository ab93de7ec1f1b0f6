import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** An entry of a package: what users import, and the file behind it. */
export interface Entry {
  readonly name: string;
  readonly file: string;
}

/** The entries of the package in a folder, as its `exports` say; not its package.json. */
export async function entriesOf(folder: string): Promise<Entry[]> {
  const { name, exports } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    exports: Record<string, string | { default: string }>;
  };
  return Object.entries(exports).flatMap(([path, target]) =>
    typeof target === "string" ? [] : [{ name: name + path.slice(1), file: join(folder, target.default) }],
  );
}

export interface Bundling {
  /** The folder of the package that is tested: what is built, never the source. */
  folder: string;
  /** A module whose `instrument` each export of the package goes through. */
  instrument?: string;
  format?: "esm" | "iife";
}

/** The source of what cuts bodies, here and for users, and what it complains with: a tool of the tests, not what they test. */
const CUTTING = /(^|\/)src\/(testing\/(cuts|places|random)|bytes|errors)\.ts$/;

/** Bundles code of the conformance suite with the package that is tested. Nothing else can be imported by it. */
export async function bundle(contents: string, { folder, instrument, format = "esm" }: Bundling): Promise<string> {
  const entries = await entriesOf(folder);
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(root, "test/conformance"), loader: "ts" },
    bundle: true,
    format,
    target: "es2022",
    platform: "neutral",
    tsconfigRaw: {}, // without `paths`, which lead to the source
    plugins: [packaged(entries, instrument)],
    logOverride: { "ignored-bare-import": "silent" }, // a chunk whose code nothing uses
    write: false,
    metafile: true,
  });
  const stray = Object.keys(metafile.inputs).filter((path) => /(^|\/)src\//.test(path) && !CUTTING.test(path));
  if (stray.length > 0) throw new Error(`The source is bundled, not the package: ${stray.join(", ")}`);
  return outputFiles[0]?.text ?? "";
}

/** Resolves the package's name to its built files, each export passed through `instrument` if there is one. */
function packaged(entries: readonly Entry[], instrument: string | undefined): Plugin {
  return {
    name: "packaged",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^sluice(\/|$)/ }, ({ path }) => {
        const entry = entries.find(({ name }) => name === path);
        if (entry === undefined) return { errors: [{ text: `${path} is no entry of the package` }] };
        return instrument === undefined ? { path: entry.file } : { path, namespace: "instrumented", pluginData: entry };
      });
      onLoad({ filter: /./, namespace: "instrumented" }, async ({ pluginData }) => {
        const { name, file } = pluginData as Entry;
        const exported = Object.keys((await import(pathToFileURL(file).href)) as object);
        const lines = exported.map((each) => `export const ${each} = instrument("${name}: ${each}", real.${each});`);
        const imports = `import { instrument } from ${JSON.stringify(instrument)}; import * as real from ${JSON.stringify(file)};`;
        return { contents: [imports, ...lines].join("\n"), resolveDir: root };
      });
    },
  };
}
