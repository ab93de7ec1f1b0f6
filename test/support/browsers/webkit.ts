import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { groupOf } from "./group.ts";
import { type BrowserOfThree, findProgram, type Tab } from "./tab.ts";

const MINI_BROWSER = findProgram(
  ["MiniBrowser"],
  [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1",
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1",
  ],
);

/** That display has no graphics card: played by the processor, it takes more of it than pages that do without. */
const ENV = { ...process.env, WEBKIT_DISABLE_COMPOSITING_MODE: "1" };

/** WebKitGTK, through its driver and in a display of its own. */
export const webkitOfSystem: BrowserOfThree = {
  name: "WebKit",
  path: findProgram(["xvfb-run"]) && MINI_BROWSER && findProgram(["WebKitWebDriver"]),
  open: async (path) => {
    const port = await freePort();
    const driver = spawn("xvfb-run", ["-a", path, `--port=${port}`], { detached: true, stdio: "ignore", env: ENV });
    const kill = groupOf(driver); // the display, too
    try {
      const session = await newSession(`http://127.0.0.1:${port}`);
      return tabOf(session, kill);
    } catch (error) {
      kill();
      throw error;
    }
  },
};

type Call = <T>(method: "POST" | "DELETE", path: string, body?: object) => Promise<T>;

/** @see https://www.w3.org/TR/webdriver2/ */
async function newSession(driver: string): Promise<Call> {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${driver}${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value }: { value: T & { error?: string; message?: string } } = await response.json();
    if (!response.ok) throw new Error(`WebDriver ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const options = { binary: MINI_BROWSER, args: ["--automation"] };
  const capabilities = { alwaysMatch: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options } };
  const { sessionId } = await retried(() => call<{ sessionId: string }>("POST", "/session", { capabilities }));
  await call("POST", `/session/${sessionId}/window/rect`, { width: 1280, height: 900 });
  return (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
}

function tabOf(session: Call, kill: () => void): Tab {
  const elementOf = async (selector: string): Promise<string> => {
    const found = await session<Record<string, string>>("POST", "/element", { using: "css selector", value: selector });
    return Object.values(found)[0] ?? "";
  };
  return {
    goto: (url) => session("POST", "/url", { url }),
    reload: () => session("POST", "/refresh", {}),
    evaluate: (expression) => session("POST", "/execute/sync", { script: `return (${expression});`, args: [] }),
    click: async (selector) => session("POST", `/element/${await elementOf(selector)}/click`, {}),
    type: async (selector, text) => session("POST", `/element/${await elementOf(selector)}/value`, { text }),
    press(key) {
      const value = key === "Enter" ? "\ue007" : "\ue00c";
      const actions = [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ];
      return session("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
    },
    async close() {
      await session("DELETE", "").catch(() => undefined);
      kill();
    },
  };
}

/** The driver takes a moment to listen. */
async function retried<T>(work: () => Promise<T>, milliseconds = 30_000): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("There is no free port"));
      });
    });
  });
}
