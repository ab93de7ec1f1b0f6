// The README's "Deploy" is three commands, and they are run here as they stand there: short of the upload itself, which needs an
// account.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configOf } from "../../edge-examples/gateway/worker/config.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = await readFile(join(root, "README.md"), "utf8");
const section = /^## Deploy\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
const commands = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
  block.trimEnd().split("\n"),
);
const [secrets = "", ...deploys] = commands;

let folder: string;
let shown: string; // by the first command
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-deploy-"));
  shown = await sh(secrets, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a line of the README. */
async function sh(command: string, cwd: string): Promise<string> {
  const env = { ...process.env, TOGETHER_API_KEY: "together-key", WRANGLER_SEND_METRICS: "false" };
  const { stdout } = await run("sh", ["-c", command], { cwd, env });
  return stdout;
}

test("it is three commands", () => {
  expect(commands).toHaveLength(3);
});

test("the first writes the secrets into a file that git ignores, not on the screen, and the gateway takes its caller from them", async () => {
  expect(shown).toBe("");
  const ignored = await readFile(join(root, ".gitignore"), "utf8");
  expect(ignored.split("\n")).toContain(".dev.vars");
  const lines = (await readFile(join(folder, ".dev.vars"), "utf8")).trimEnd().split("\n");
  const { TOGETHER_API_KEY, CALLERS = "" } = Object.fromEntries(lines.map((line) => line.split("=")));
  expect(TOGETHER_API_KEY).toBe("together-key");
  const { callers } = configOf({ UPSTREAMS: {}, MODELS: {}, CALLERS });
  expect(callers).toEqual([{ name: "me", token: expect.stringMatching(/^[\da-f-]{36}$/) }]);
});

describe("the others build a Worker with what it needs", () => {
  test.for([
    ["chat", "", ["ASSETS", "UPSTREAM_URL", "MODEL", "TOGETHER_API_KEY"]],
    ["gateway", "edge-examples/gateway/wrangler.toml", ["UPSTREAMS", "MODELS", "CALLERS", "TOGETHER_API_KEY"]],
  ] as const)("%s", async ([name, config, bindings]) => {
    const command = deploys.find((each) => each.includes("edge-examples/gateway") === (config !== "")) ?? "";
    expect(command).toMatch(/^npx wrangler deploy --secrets-file \.dev\.vars( |$)/);
    const dry = `${command.replace(".dev.vars", join(folder, ".dev.vars"))} --dry-run --outdir ${join(folder, name)}`;
    const said = await sh(dry, root);
    for (const binding of bindings) expect(said).toContain(`env.${binding} `);
    expect(await readFile(join(folder, name, "worker.js"), "utf8")).toContain("fetch(request, env");
  });
});
