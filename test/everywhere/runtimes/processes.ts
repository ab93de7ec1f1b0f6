import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Identity, Run } from "../../conformance/main.ts";
import { programOf, start } from "./child.ts";
import { assertIs, type Bundles, type Runtime } from "./runtime.ts";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

interface Program {
  name: string;
  path: string;
  args?: readonly string[];
  version: (identity: Identity) => string;
}

/** A program that runs a module. */
function program({ name, path, args = [], version }: Program): Runtime {
  return {
    name,
    isPinned: true,
    missing: async () => ((await programOf(path)) === undefined ? `${path} is not there` : undefined),
    version,
    async run(bundles: Bundles, signal: AbortSignal): Promise<Run> {
      const file = join(bundles.folder, `${name.replace(" ", "-")}.mjs`);
      await writeFile(file, bundles.process);
      const env = {
        ...process.env,
        DENO_DIR: join(bundles.folder, "deno"),
        DENO_NO_UPDATE_CHECK: "1",
        NODE_OPTIONS: "",
      };
      return JSON.parse(await start(path, [...args, file], signal, { cwd: bundles.folder, env }).output) as Run;
    },
  };
}

function node(major: number, path: string): Runtime {
  const name = `Node ${major}`;
  const version = (identity: Identity): string => {
    const { node: found = "", bun, deno, edge } = identity;
    assertIs(name, identity, found.startsWith(`${major}.`), bun === undefined, deno === undefined, edge === undefined);
    return found;
  };
  return program({ name, path, version });
}

export const processes: readonly Runtime[] = [
  ...[20, 22, 24].map((major) => node(major, `${modules}node${major}/bin/node`)),
  node(26, process.execPath), // the toolchain's own
  program({
    name: "Bun",
    path: `${modules}bun/bin/bun`,
    args: ["--bun", "--no-install"],
    version(identity) {
      assertIs("Bun", identity, identity["bun"] !== undefined, identity["userAgent"] === `Bun/${identity["bun"]}`);
      return identity["bun"] ?? "";
    },
  }),
  program({
    name: "Deno",
    path: `${modules}deno/deno`,
    args: ["run", "--no-config", "--no-npm", "--cached-only", "--quiet"],
    version(identity) {
      assertIs("Deno", identity, identity["deno"] !== undefined, identity["userAgent"] === `Deno/${identity["deno"]}`);
      return identity["deno"] ?? "";
    },
  }),
];
