import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { sluice } from "./spawn.ts";

test("--version is the package's", async () => {
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(await sluice(["--version"])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: "" });
});

test("bad usage ends with 2 and says what was meant", async () => {
  const { exit, stdout, stderr } = await sluice(["txt"]);
  expect(exit).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("unknown command 'txt'");
  expect(stderr).toContain("Did you mean text?");
});
