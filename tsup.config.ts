import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

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

export default defineConfig({
  entry,
  format: "esm",
  target: "es2022",
  platform: "neutral",
  splitting: true, // what two entries share exists once: one SluiceError, one Stage
  sourcemap: true,
  clean: true,
  dts: false, // tsc writes them (tsconfig.build.json): tsup needs the old compiler's API
  tsconfig: "src/tsconfig.json",
  external: [/^node:/],
});
