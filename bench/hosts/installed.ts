import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Where a file of a package may lie, nearest folder first: this folder's packages, then the project's own tools. */
export function* installedFiles(name: string, file: string): Generator<string> {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const path = join(folder, name, file);
    if (existsSync(path)) yield path;
  }
}
