import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import type { Served } from "../../../../edge-examples/chat/serve.ts";
import { startUpstream, type Upstream } from "../../../../edge-examples/chat/upstream/server.ts";
import { chromiumOfSystem, launch } from "../../../support/browsers/playwright.ts";
import { startChat } from "../support.ts";

/** The chat page as a visitor has it in front of them. */
export class ChatPage {
  readonly page: Page;
  /** What the browser complained about: errors, warnings, and what the Content-Security-Policy forbade. */
  readonly complaints: string[] = [];
  /** Where the page has sent requests to, other than its own server. */
  readonly strangers: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const chat = new ChatPage(await context.newPage());
    const { page, complaints } = chat;
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(url)) chat.strangers.push(request.url());
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`CSP: ${violatedDirective} ${blockedURI}`);
      });
    });
    await page.goto(url);
    await chat.ready();
    return chat;
  }

  /** Whether the page has been put together. */
  async ready(): Promise<void> {
    await this.page.locator("body[data-state=ready]").waitFor();
  }

  get question(): Locator {
    return this.page.getByLabel("Your question");
  }

  /** The latest answer. */
  get answer(): Locator {
    return this.page.locator(".answer").last();
  }

  get verdict(): Locator {
    return this.answer.locator(".verdict");
  }

  /** What became of the latest answer, in a word. */
  async outcome(): Promise<string | null> {
    return this.answer.locator(".ending").getAttribute("data-outcome");
  }

  get text(): Promise<string> {
    return this.answer.locator(".markdown").innerText();
  }

  get status(): Locator {
    return this.page.getByRole("status");
  }

  get stop(): Locator {
    return this.page.getByRole("button", { name: "Stop" });
  }

  /** Each row of the network: how many chunks, what the network sent, what sluice gave. */
  get rows(): Locator {
    return this.page.locator(".wire-row");
  }

  async ask(text: string): Promise<void> {
    await this.question.fill(text);
    await this.question.press("Enter");
  }

  async choose(...labels: string[]): Promise<void> {
    for (const label of labels)
      await this.page
        .locator("input")
        .and(this.page.getByLabel(label, { exact: true }))
        .check();
  }

  /** Asks and waits for the verdict, which it gives back. */
  async askToTheEnd(text: string): Promise<string> {
    const answers = await this.page.locator(".answer").count();
    await this.ask(text);
    await this.page.locator(".answer").nth(answers).locator(".ending").waitFor();
    return this.verdict.innerText();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** What the tests of one file share: a browser, an upstream that is as fast as its reader, and one at a model's pace. */
export interface Setting {
  upstream: Upstream;
  slow: Upstream;
  /** Opens the page; it is closed, and must not have complained, when the test is over. */
  open: (options?: BrowserContextOptions) => Promise<ChatPage>;
  openSlow: (options?: BrowserContextOptions) => Promise<ChatPage>;
  /** What this test expects the browser to complain about. */
  expectComplaints: (isExpected: (complaint: string) => boolean) => void;
}

/** Tests that need Chromium; where there is none they are skipped by name, except in CI, where there must be one. */
export function describeInChromium(name: string, tests: (setting: Setting) => void): void {
  const executable = chromiumOfSystem.path;
  const isMissing = executable === undefined && process.env["CI"] === undefined;
  describe.skipIf(isMissing)(isMissing ? `${name}: there is no Chromium on the PATH` : name, () => {
    let browser: Browser;
    let workers: Served[] = [];
    let pages: ChatPage[] = [];
    let isExpected: (complaint: string) => boolean = () => false;
    const open =
      (index: number) =>
      async (options?: BrowserContextOptions): Promise<ChatPage> => {
        const page = await ChatPage.open(browser, workers[index]?.url ?? "", options);
        pages.push(page);
        return page;
      };
    const setting = {
      open: open(0),
      openSlow: open(1),
      expectComplaints: (expected) => {
        isExpected = expected;
      },
    } as Setting;

    beforeAll(async () => {
      [browser, setting.upstream, setting.slow] = await Promise.all([
        launch(executable ?? "chromium"),
        startUpstream({ pace: 0, stall: 60_000, seed: 1 }),
        startUpstream({ pace: 40, seed: 1 }),
      ]);
      const { upstream, slow } = setting;
      workers = await Promise.all([
        startChat({ UPSTREAM_URL: upstream.url, DEMO: "1", IDLE_DEADLINE: "1500" }),
        startChat({ UPSTREAM_URL: slow.url, DEMO: "1" }),
      ]);
    });
    afterAll(async () => {
      await browser?.close();
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([setting.upstream?.close(), setting.slow?.close()]);
    });
    afterEach(async () => {
      const over = pages;
      pages = [];
      await Promise.all(over.map((page) => page.close()));
      const complaints = over.flatMap((page) => page.complaints).filter((complaint) => !isExpected(complaint));
      isExpected = () => false;
      expect(complaints).toEqual([]);
      expect(over.flatMap((page) => page.strangers)).toEqual([]);
    });

    tests(setting);
  });
}
