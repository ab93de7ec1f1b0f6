import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Code in this folder as one module, with its imports: one contender and nothing else, as it would be deployed. */
export async function bundle(contents: string, conditions: string[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    conditions,
    logLevel: "error",
  });

  return outputFiles[0]?.text ?? "";
}
