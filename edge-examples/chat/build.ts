import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { BUNDLE } from "../shared/miniflare.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the page is built to and served from; `wrangler.toml` names it, too. */
export const PAGE_DIRECTORY = here("dist");

/** Builds the page into a directory: its script and that of its reader, one style sheet, and the files that need no building. */
export async function buildPage(directory: string = PAGE_DIRECTORY): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await build({
    ...BUNDLE,
    entryPoints: { main: here("page/main.ts"), reader: here("page/reading/reader.ts"), style: here("page/style.css") },
    outdir: directory,
    minify: true,
    sourcemap: true,
  });
  for (const name of ["index.html", "favicon.svg"]) await copyFile(here(`page/${name}`), `${directory}/${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
