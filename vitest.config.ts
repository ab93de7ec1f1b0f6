import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("./src", import.meta.url));

export default defineConfig({
  resolve: {
    // As `paths` in tsconfig.json: tests read the source. What is built is tested in test/package.
    alias: [
      { find: /^sluice$/, replacement: `${src}/index.ts` },
      { find: /^sluice\/cassette\/file$/, replacement: `${src}/cassette/file.ts` },
      { find: /^sluice\/([a-z]+)$/, replacement: `${src}/$1/index.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "test/runtimes/**"],
    environment: "node",
    testTimeout: 30_000,
    hookTimeout: 60_000, // a browser, a Worker
    // SLUICE_CORPUS, when set, is a folder of recorded streams; workers inherit the environment, so tests just read it.
    // A failing fast-check property prints its seed and path: paste both into fc.assert's parameters to see it again.
  },
});
