import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Run } from "../../conformance/main.ts";
import { start } from "./child.ts";
import { assertIs, type Bundles, installed, type Runtime } from "./runtime.ts";

const child = fileURLToPath(new URL("edge-child.ts", import.meta.url));

export const edge: Runtime = {
  name: "edge-runtime",
  isPinned: true,
  missing: async () => undefined,
  version(identity) {
    assertIs("edge-runtime", identity, identity["edge"] === "edge-runtime", identity["process"] === undefined);
    return `@edge-runtime/vm ${installed("@edge-runtime/vm")}`;
  },
  /** In a process of its own, so that what nobody handles is its own too. */
  async run(bundles: Bundles, signal: AbortSignal): Promise<Run> {
    const script = join(bundles.folder, "edge.js");
    await writeFile(script, bundles.script);
    return JSON.parse(await start(process.execPath, [child, script], signal).output) as Run;
  },
};
