import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where the page is built to and served from; `wrangler.toml` names it, too. */
export const PAGE_DIRECTORY = here("dist");

const COMMON: BuildOptions = { bundle: true, format: "esm", target: "es2022", logLevel: "warning" };

/** Builds the page into a directory: one script, one style sheet, and the files that need no building. */
export async function buildPage(directory: string = PAGE_DIRECTORY): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await build({
    ...COMMON,
    entryPoints: [here("page/main.ts"), here("page/style.css")],
    outdir: directory,
    minify: true,
    sourcemap: true,
  });
  for (const name of ["index.html", "favicon.svg"]) await copyFile(here(`page/${name}`), `${directory}/${name}`);
}

/** Builds the Worker: one module, for miniflare. (`wrangler` builds its own, from the same source.) */
export async function buildWorker(): Promise<string> {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [here("worker.ts")],
    conditions: ["workerd", "worker"],
    write: false,
  });
  const file = outputFiles?.[0];
  if (file === undefined) throw new Error("esbuild gave no Worker");
  return file.text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
