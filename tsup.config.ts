import { readFileSync, rmSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

// The entries are what package.json exports: "./json" → dist/json/index.js ← src/json/index.ts.
const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, string | { default: string }>;
};
const entry: Record<string, string> = {};
for (const target of Object.values(exports)) {
  if (typeof target === "string") continue; // "./package.json"
  const name = target.default.replace(/^\.\/dist\/|\.js$/g, "");
  entry[name] = `src/${name}.ts`;
}

rmSync("dist", { recursive: true, force: true }); // here, because what is built below is built side by side

const common: Options = {
  format: "esm",
  target: "es2022",
  removeNodeProtocol: false, // "node:fs" is Node's in every runtime, "fs" is not
  dts: false, // tsc writes them (tsconfig.build.json): tsup needs the old compiler's API
  tsconfig: "src/tsconfig.json",
};

export default defineConfig([
  {
    ...common,
    entry,
    platform: "neutral",
    sourcemap: true,
    esbuildOptions(options) {
      options.minifySyntax = true; // constants are written where they are used: no bundler can do that from outside
    },
    splitting: true, // what two entries share exists once: one SluiceError, one Stage
    external: [/^node:/],
  },
  {
    // The command `sluice`: one file with all it needs, so that the package has no dependencies.
    ...common,
    entry: { "cli/main": "src/cli/main.ts" },
    platform: "node",
    splitting: false,
    noExternal: [/./],
    // commander is CommonJS
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
  },
  {
    // The page of `sluice inspect --html`: its script and style, which the command writes into the page.
    ...common,
    entry: { "cli/page": "src/cli/inspect/page/main.ts", "cli/style": "src/cli/inspect/page/page.css" },
    platform: "browser",
    minify: true,
    splitting: false,
    noExternal: [/./],
  },
]);
