import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

// npm puts node_modules/.bin first on the PATH of its scripts, and test/runtimes puts a Node there. If that ever stopped
// working, the suite would quietly run in whatever Node the user has.

const manifest = JSON.parse(await readFile(new URL("../runtimes/package.json", import.meta.url), "utf8")) as {
  optionalDependencies: Record<string, string>;
};
const brought = Object.entries(manifest.optionalDependencies).map(([name, version]) =>
  version.startsWith("npm:") ? version.slice("npm:".length) : `${name}@${version}`,
);
const platform = `${process.platform}-${process.arch}`;
const mine = brought.find((name) => name.includes(`-${platform}@`));

test.skipIf(mine === undefined)("the suite runs in the Node that test/runtimes brings", () => {
  expect(process.versions.node).toBe(mine?.split("@")[1]);
});

test("every platform has the same Node", () => {
  expect(new Set(brought.map((name) => name.split("@")[1])).size).toBe(1);
});
