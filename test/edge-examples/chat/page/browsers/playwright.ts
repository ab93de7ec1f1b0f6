import { type BrowserType, chromium, firefox } from "playwright-core";
import { type BrowserOfThree, findProgram, type Tab } from "./tab.ts";

/** Chromium and Firefox as the system has them: nothing is downloaded. */
export const chromiumOfSystem: BrowserOfThree = {
  name: "Chromium",
  path: findProgram(["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]),
  open: (executablePath) => open(chromium, { executablePath, args: ["--no-sandbox"] }),
};

export const firefoxOfSystem: BrowserOfThree = {
  name: "Firefox",
  path: findProgram(["firefox-esr", "firefox"]),
  open: (executablePath) => open(firefox, { executablePath, channel: "moz-firefox" }), // over WebDriver BiDi
};

async function open(type: BrowserType, options: Parameters<BrowserType["launch"]>[0]): Promise<Tab> {
  const browser = await type.launch(options);
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
