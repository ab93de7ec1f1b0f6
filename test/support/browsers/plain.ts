import { until } from "../http.ts";
import { chromiumOfSystem, firefoxOfSystem } from "./playwright.ts";
import { Remote, startBrowser } from "./remote.ts";
import type { BrowserOfThree, Tab } from "./tab.ts";

const SIZE = { width: 1280, height: 800 };

/**
 * Chromium as a visitor has it. Playwright has each chunk of every response recorded, and thrown away when an answer is over 20 MB:
 * that stops the page for a moment that no visitor sees.
 */
export const plainChromium: BrowserOfThree = {
  ...chromiumOfSystem,
  open: async (path) => {
    const { address, end } = await startBrowser(path, (profile) => [
      "--headless",
      "--no-sandbox",
      "--no-first-run",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ]);
    const targets: { type: string; webSocketDebuggerUrl: string }[] = await (
      await fetch(`http://${address.host}/json/list`)
    ).json();
    const page = targets.find(({ type }) => type === "page");
    if (page === undefined) throw new Error("Chromium has no page");
    const remote = await Remote.connect(page.webSocketDebuggerUrl);
    await remote.send("Emulation.setDeviceMetricsOverride", { ...SIZE, deviceScaleFactor: 1, mobile: false });
    return tabOf({
      navigate: (url) => remote.send("Page.navigate", { url }),
      async evaluate(expression) {
        const { result, exceptionDetails } = await remote.send<{
          result: { value?: string };
          exceptionDetails?: { exception?: { description?: string } };
        }>("Runtime.evaluate", { expression });
        if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
        return result.value;
      },
      type: (text) => remote.send("Input.insertText", { text }),
      async press(key) {
        await remote.send("Input.dispatchKeyEvent", { type: "keyDown", key, text: key === "Enter" ? "\r" : "" });
        await remote.send("Input.dispatchKeyEvent", { type: "keyUp", key });
      },
      end,
    });
  },
};

/** The same of Firefox, over WebDriver BiDi. @see https://w3c.github.io/webdriver-bidi/ */
export const plainFirefox: BrowserOfThree = {
  ...firefoxOfSystem,
  open: async (path) => {
    const { address, end } = await startBrowser(path, (profile) => [
      "--headless",
      "--no-remote",
      "--remote-debugging-port=0",
      "--profile",
      profile,
    ]);
    const remote = await Remote.connect(new URL("/session", address).href);
    await remote.send("session.new", { capabilities: {} });
    const { contexts } = await remote.send<{ contexts: { context: string }[] }>("browsingContext.getTree");
    const context = contexts[0]?.context;
    await remote.send("browsingContext.setViewport", { context, viewport: SIZE });
    const keys = async (values: readonly string[]): Promise<void> => {
      const actions = values.flatMap((value) => [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ]);
      await remote.send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions }] });
    };
    return tabOf({
      navigate: (url) => remote.send("browsingContext.navigate", { context, url, wait: "complete" }),
      async evaluate(expression) {
        const { result, exceptionDetails } = await remote.send<{
          result?: { value?: string };
          exceptionDetails?: { text: string };
        }>("script.evaluate", { expression, target: { context }, awaitPromise: false });
        if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
        return result?.value;
      },
      type: (text) => keys([...text]),
      press: (key) => keys([key === "Enter" ? "\uE007" : "\uE00C"]),
      end,
    });
  },
};

interface Commands {
  navigate: (url: string) => Promise<unknown>;
  /** The value of an expression, which is text. */
  evaluate: (expression: string) => Promise<string | undefined>;
  /** Types where the focus is. */
  type: (text: string) => Promise<unknown>;
  press: (key: "Enter" | "Escape") => Promise<unknown>;
  end: () => void;
}

function tabOf({ navigate, evaluate, type, press, end }: Commands): Tab {
  const inJSON = async (expression: string): Promise<string> =>
    (await evaluate(`JSON.stringify((${expression}) ?? null)`)) ?? "null";
  const goto = async (url: string): Promise<void> => {
    await navigate(url);
    await until(async () => (await inJSON("document.readyState === 'complete'")) === "true");
  };
  const element = (selector: string): string => `document.querySelector(${JSON.stringify(selector)})`;
  return {
    goto,
    reload: async () => goto(JSON.parse(await inJSON("location.href"))),
    evaluate: async (expression) => JSON.parse(await inJSON(expression)),
    async click(selector) {
      await inJSON(`void ${element(selector)}.click()`);
    },
    async type(selector, text) {
      await inJSON(`void ${element(selector)}.focus()`);
      await type(text);
    },
    async press(key) {
      await press(key);
    },
    async close() {
      end();
    },
  };
}
