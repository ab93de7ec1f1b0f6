import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

export interface Packed {
  /** The package as npm would publish it. */
  readonly tarball: string;
  /** The same, unpacked. */
  readonly folder: string;
}

/** Packs what is built, and unpacks it. */
export async function pack(into: string): Promise<Packed> {
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", into], {
    cwd: root,
  });
  // npm 11 lists packages, npm 12 names them
  const [{ filename } = { filename: "" }] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  const folder = join(into, "package");
  await mkdir(folder);
  await run("tar", ["-xzf", join(into, filename), "-C", folder, "--strip-components=1"]);
  return { tarball: join(into, filename), folder };
}
