import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { EXIT } from "../../src/cli/exit.ts";
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
  expect(stderr).toMatch(/^sluice: unknown command 'txt'/);
  expect(stderr).toContain("Did you mean text?");
});

test("bad usage of a command, too, says where help is; and that says the exit codes", async () => {
  expect(await sluice(["replay"])).toMatchObject({
    exit: 2,
    stderr: expect.stringMatching(/^sluice: missing required argument 'file'\n\n?sluice --help/) as unknown,
  });
  const { exit, stdout } = await sluice(["--help"]);
  expect(exit).toBe(0);
  for (const code of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`\\b${code} `));
});
