// Bundles as React Native does: once as the package's `exports` say, once as versions do that only know `main`.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import Metro from "metro";

const [out, exportsToo] = process.argv.slice(2);
const root = dirname(import.meta.dirname);
const config = await Metro.loadConfig(
  { cwd: import.meta.dirname, resetCache: true },
  {
    projectRoot: import.meta.dirname,
    watchFolders: [root],
    cacheStores: [],
    resolver: {
      unstable_enablePackageExports: exportsToo === "exports",
      nodeModulesPaths: [`${root}/node_modules`],
      useWatchman: false,
    },
    transformer: {
      getTransformOptions: async () => ({ transform: { experimentalImportSupport: true, inlineRequires: false } }),
    },
  },
);
await mkdir(dirname(out), { recursive: true });
await Metro.runBuild(config, {
  entry: exportsToo === "exports" ? "main.js" : "old.js",
  platform: "ios",
  dev: false,
  minify: false,
  out,
});
