import { type Browser, chromium, firefox } from "playwright-core";
import { type BrowserOfThree, findProgram, type Tab } from "./tab.ts";

/** Chromium and Firefox as the system has them: nothing is downloaded. */
export const chromiumOfSystem: BrowserOfThree = {
  name: "Chromium",
  path: findProgram(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
  open: async (executablePath) => await tabOf(await launch(executablePath)),
};

export const firefoxOfSystem: BrowserOfThree = {
  name: "Firefox",
  path: findProgram(["firefox-esr", "firefox"]),
  open: async (executablePath) => await tabOf(await firefox.launch({ executablePath, channel: "moz-firefox" })), // over WebDriver BiDi
};

/** Starts Chromium. */
export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

async function tabOf(browser: Browser): Promise<Tab> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return {
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    evaluate: (expression) => page.evaluate(expression),
    click: (selector) => page.locator(selector).click(),
    type: (selector, text) => page.locator(selector).pressSequentially(text),
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}
