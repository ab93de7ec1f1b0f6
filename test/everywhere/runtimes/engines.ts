import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Identity, Run } from "../../conformance/main.ts";
import { programOf, start } from "./child.ts";
import { assertIs, type Bundles, installed, type Runtime } from "./runtime.ts";

// Engines without a platform, as React Native's: what streams, text and abortion there are, the application has brought.

const child = fileURLToPath(new URL("quickjs-child.ts", import.meta.url));

/** Notes what is not there before the application brings it, and says which engine this is. */
const before = (engine: string): string => `
  globalThis.engine = ${JSON.stringify(engine)};
  globalThis.polyfilled = ["ReadableStream", "TextDecoder", "TextDecoderStream", "AbortController"].filter((name) => !(name in globalThis));
`;

const JSC = `
  if (typeof clearTimeout === "undefined") {
    const cancelled = new Set();
    const setTimeoutOfJSC = setTimeout;
    let count = 0;
    globalThis.setTimeout = (work, milliseconds = 0, ...values) => {
      const id = ++count;
      setTimeoutOfJSC(() => cancelled.delete(id) || work(...values), milliseconds);
      return id;
    };
    globalThis.clearTimeout = (id) => void (id === undefined || cancelled.add(id));
  }
`;

const isBare = (name: string, identity: Identity): void =>
  assertIs(
    name,
    identity,
    identity["engine"] === name,
    !["window", "process", "document", "userAgent", "node"].some((each) => each in identity),
  );

const jsc: Runtime = {
  name: "JavaScriptCore",
  isPinned: false,
  missing: async () =>
    (await programOf("jsc")) === undefined ? "Debian's libjavascriptcoregtk-4.0-bin is not installed" : undefined,
  version(identity) {
    isBare("JavaScriptCore", identity);
    assertIs("JavaScriptCore", identity, identity["print"] === "there");
    return `its shell${packaged("libjavascriptcoregtk-4.0-bin")}, with polyfills`;
  },
  async run(bundles: Bundles, signal: AbortSignal): Promise<Run> {
    const file = join(bundles.folder, "jsc.js");
    const unhandled = "const unhandled = []; setUnhandledRejectionCallback((_, reason) => unhandled.push(reason));";
    const last =
      "conformance(unhandled).then(print, (error) => print(JSON.stringify({ error: String(error) }))).then(quit);";
    const parts = [before("JavaScriptCore"), JSC, bundles.application, bundles.script, unhandled, last];
    await writeFile(file, parts.join("\n"));
    const path = (await programOf("jsc")) ?? "";
    return JSON.parse(await start(path, [file], signal).output) as Run;
  },
};

const quickjs: Runtime = {
  name: "QuickJS",
  isPinned: true,
  missing: async () => undefined,
  version(identity) {
    isBare("QuickJS", identity);
    assertIs("QuickJS", identity, identity["print"] === undefined, identity["WebAssembly"] === undefined);
    return `quickjs-emscripten ${installed("quickjs-emscripten")}, with polyfills`;
  },
  async run(bundles: Bundles, signal: AbortSignal): Promise<Run> {
    const file = join(bundles.folder, "quickjs.js");
    await writeFile(file, [before("QuickJS"), bundles.application, bundles.script].join("\n"));
    return JSON.parse(await start(process.execPath, [child, file], signal).output) as Run;
  },
};

/** The version of Debian's package, for the shell does not tell its own; nothing where there is no Debian. */
function packaged(name: string): string {
  const { status, stdout } = spawnSync("dpkg-query", ["-W", name], { encoding: "utf8" }); // name, tab, version
  return status === 0 ? ` ${stdout.trim().split("\t")[1]}` : "";
}

export const engines: readonly Runtime[] = [jsc, quickjs];
