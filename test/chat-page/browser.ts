import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";

/** The system's Chromium, if it has one: nothing is downloaded. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  return directories
    .flatMap((directory) => names.map((name) => join(directory, name)))
    .find((path) => existsSync(path));
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

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
    await page.locator("body.with-network").waitFor();
    return chat;
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

  get status(): Locator {
    return this.page.getByRole("status");
  }

  get stop(): Locator {
    return this.page.getByRole("button", { name: "Stop" });
  }

  /** Each row of the wire: how many chunks, what the network sent, what sluice gave. */
  get rows(): Locator {
    return this.page.locator(".wire-row");
  }

  async ask(text: string): Promise<void> {
    await this.question.fill(text);
    await this.question.press("Enter");
  }

  async choose(...labels: string[]): Promise<void> {
    for (const label of labels) await this.page.getByLabel(label, { exact: true }).check();
  }

  /** Asks and waits for the verdict, which it gives back. */
  async askToTheEnd(text: string): Promise<string> {
    const answers = await this.page.locator(".answer").count();
    await this.ask(text);
    await this.page.locator(".answer").nth(answers).locator(".verdict").waitFor();
    return this.verdict.innerText();
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
