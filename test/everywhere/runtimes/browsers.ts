import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { Identity, Run } from "../../conformance/main.ts";
import { programOf, start } from "./child.ts";
import { assertIs, type Bundles, type Runtime } from "./runtime.ts";

interface Browser {
  name: string;
  /** Debian's package. */
  from: string;
  program: () => Promise<string | undefined>;
  /** The command that opens a page with a fresh profile. */
  command: (program: string, profile: string, url: string) => Promise<readonly string[] | undefined>;
  version: (identity: Identity) => string;
}

/** A system browser: it opens a page from a server of our own, and the page sends the run back. */
function browser({ name, from, program, command, version }: Browser): Runtime {
  const commandFor = async (profile: string, url: string): Promise<readonly string[] | undefined> => {
    const path = await program();
    return path === undefined ? undefined : command(path, profile, url);
  };
  return {
    name,
    isPinned: false,
    missing: async () => ((await commandFor("", "")) === undefined ? `Debian's ${from} is not installed` : undefined),
    version,
    async run({ page, folder }: Bundles, signal: AbortSignal): Promise<Run> {
      const profile = await mkdtemp(join(folder, `${name}-`));
      const served = await serve(page);
      const [command = "", ...args] = (await commandFor(profile, served.url)) ?? [];
      const child = start(command, args, signal, { env: { ...process.env, HOME: profile, XDG_CACHE_HOME: profile } });
      const stopped = new Promise<never>((_, reject) => {
        const fail = (why: string): void => reject(new Error(`${name} ${why} before the page had sent its run`));
        signal.addEventListener("abort", () => fail("was stopped"));
        child.output.then(
          () => fail("ended"),
          (error: Error) => fail(`ended (${error.message.slice(-300)})`),
        );
      });
      try {
        return await Promise.race([served.run, stopped]);
      } finally {
        child.close();
        stopped.catch(() => undefined);
        await served.close();
        await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** Serves the page on a free port of this machine, and waits for its run. */
async function serve(script: string): Promise<{ url: string; run: Promise<Run>; close: () => Promise<void> }> {
  let tell: (run: Run) => void = () => undefined;
  const run = new Promise<Run>((resolve) => {
    tell = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === "POST") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end();
      return tell(JSON.parse(Buffer.concat(parts).toString()) as Run);
    }
    const isScript = request.url === "/script.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? script : '<!doctype html><body><script type="module" src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}/`, run, close };
}

const inUserAgent = (name: string, identity: Identity, mark: RegExp, ...not: readonly RegExp[]): string => {
  const { userAgent = "", document, process } = identity;
  const found = mark.exec(userAgent)?.[1];
  const isIt = found !== undefined && document === "there" && process === undefined;
  assertIs(name, identity, isIt, ...not.map((each) => !each.test(userAgent)));
  return found ?? "";
};

const libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/libexec"];

export const browsers: readonly Runtime[] = [
  browser({
    name: "Chromium",
    from: "chromium",
    program: () => programOf("chromium", "chromium-browser", "google-chrome"),
    command: async (program, profile, url) => [
      program,
      "--headless",
      "--no-sandbox",
      "--no-first-run",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      `--user-data-dir=${profile}`,
      url,
    ],
    version: (identity) => inUserAgent("Chromium", identity, /Chrome\/([\d.]+)/, /Firefox/),
  }),
  browser({
    name: "Firefox",
    from: "firefox-esr",
    program: () => programOf("firefox-esr", "firefox"),
    command: async (program, profile, url) => [program, "--headless", "--no-remote", "--profile", profile, url],
    version: (identity) => inUserAgent("Firefox", identity, /Firefox\/([\d.]+)/),
  }),
  browser({
    name: "WebKit",
    from: "webkit2gtk-driver, xvfb and xauth",
    program: () => programOf(...["4.1", "4.0", "6.0"].flatMap(miniBrowsers)),
    async command(program, _profile, url) {
      const xvfb = await programOf("xvfb-run");
      return xvfb === undefined ? undefined : [xvfb, "-a", program, "--private", url];
    },
    version: (identity) => inUserAgent("WebKit", identity, /Version\/([\d.]+).*Safari/, /Chrome/, /Firefox/),
  }),
];

function miniBrowsers(version: string): string[] {
  const name = version === "6.0" ? `webkitgtk-${version}` : `webkit2gtk-${version}`;
  return libraries.map((folder) => `${folder}/${name}/MiniBrowser`);
}
