import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { until } from "../../../support/http.ts";
import { type ChatPage, describeInChromium } from "./chromium.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describeInChromium("using the chat page", (setting) => {
  /** What axe finds wrong, as it stands. */
  async function violations(chat: ChatPage): Promise<string[]> {
    await chat.page.evaluate(AXE);
    return chat.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(document, { resultTypes: ["violations"] });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    });
  }

  const WIDE = { width: 1280, height: 800 };
  const NARROW = { width: 390, height: 844 };
  test.each([
    ["light", WIDE],
    ["dark", WIDE],
    ["light", NARROW],
    ["dark", NARROW],
  ] as const)("axe finds nothing wrong, in %s at %o", async (colorScheme, viewport) => {
    const chat = await setting.open({ colorScheme, viewport });
    expect(await violations(chat)).toEqual([]);
    await chat.askToTheEnd("Which stages are there?");
    await chat.askToTheEnd("Show me some code");
    await chat.askToTheEnd("What is the weather in Rome?");
    await chat.answer.locator("details summary").click();
    await chat.askToTheEnd("Attack this page");
    const network = chat.page.getByRole("button", { name: "Network" });
    for (const accident of ["Cut", "Provider error"]) {
      if (viewport === NARROW) await network.click();
      await chat.choose(accident);
      if (viewport === NARROW) await network.click();
      await chat.askToTheEnd("What is sluice?");
    }
    expect(await violations(chat)).toEqual([]);
    if (viewport === NARROW) {
      await network.click();
      expect(await violations(chat)).toEqual([]);
    }
    await chat.choose("Chunk map");
    expect(await violations(chat)).toEqual([]);
  });

  test("the keyboard alone is enough", async () => {
    const chat = await setting.openSlow();
    const { page } = chat;
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
    const focusedText = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? "");
    expect(await focused()).toBe("question");
    await page.keyboard.type("What is");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("sluice?");
    await page.keyboard.press("Enter");
    expect(await page.locator(".question").innerText()).toMatch(/What is\nsluice\?$/);
    await until(async () => (await chat.text).length > 20);
    await page.keyboard.press("Tab"); // from the question to Stop
    expect(await focused()).toBe("stop");
    await page.keyboard.press("Enter");
    await chat.verdict.waitFor();
    expect(await focused()).toBe("question");

    for (const label of ["Copy", "Retry", "Continue"]) {
      await page.keyboard.press("Shift+Tab");
      expect(await focusedText()).toBe(label);
    }
    await page.keyboard.press("Enter"); // Continue
    await until(() => setting.slow.sent.at(-1)?.state === "sending");
    expect(await focused()).toBe("stop"); // the button that was pressed is gone
    await page.keyboard.press("Escape");
    await chat.verdict.waitFor();
    expect(await focused()).toBe("question");

    await page.keyboard.press("Tab"); // Send
    await page.keyboard.press("Tab"); // the chunks, where an arrow chooses
    await page.keyboard.press("ArrowRight");
    for (let tabs = 0; tabs < 5; tabs++) await page.keyboard.press("Tab"); // four of clutter, then the accidents
    for (let arrows = 0; arrows < 3; arrows++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Tab"); // Ask again
    await page.keyboard.press("Enter");
    await until(() => setting.slow.sent.at(-1)?.faults.join() === "one-byte,early-end");
    await page.keyboard.press("Escape");
    await chat.verdict.waitFor();
  });

  test("a screen reader hears of turns, and not of tokens", async () => {
    const chat = await setting.openSlow();
    const { page } = chat;
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      const status = document.getElementById("status");
      if (status === null) throw new Error("There is no status line");
      new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
    });
    expect(await chat.askToTheEnd("Repeat: one two three four five")).toMatch(/^Whole/);
    await until(
      async () => (await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard.length)) > 1,
    );
    expect(await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)).toEqual([
      "Answering…",
      "Whole: [DONE] arrived.",
    ]);
    // No live region holds an answer.
    expect(
      await page.locator("[aria-live]:has(.answer), [role=log]:has(.answer), [role=status]:has(.answer)").count(),
    ).toBe(0);
    expect(await chat.answer.getByRole("heading", { name: "Answer" }).count()).toBe(1);
  });

  test("nothing moves for those who want no motion", async () => {
    const chat = await setting.openSlow({ reducedMotion: "reduce" });
    await chat.ask("What is the weather in Rome?");
    const moving = (): Promise<number> => chat.page.evaluate(() => document.getAnimations().length);
    await chat.page.getByText("Thinking…").waitFor();
    expect(await moving()).toBe(0);
    await chat.stop.click();
    const other = await setting.openSlow({ reducedMotion: "no-preference" });
    await other.ask("What is the weather in Rome?");
    await other.page.getByText("Thinking…").waitFor();
    expect(await other.page.evaluate(() => document.getAnimations().length)).toBeGreaterThan(0); // or this test sees nothing
    await other.stop.click();
  });

  test("on a phone the chat and the network take turns, and nothing is wider than the page", async () => {
    const chat = await setting.open({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    const width = (): Promise<number> => chat.page.evaluate(() => document.documentElement.scrollWidth);
    for (const asked of [
      "Which stages are there?",
      "Show me some code",
      "Attack this page",
      `Repeat: ${"long".repeat(100)}`,
    ]) {
      await chat.askToTheEnd(asked);
      expect(await width()).toBe(360);
    }
    const network = chat.page.getByRole("button", { name: "Network" });
    expect(await chat.page.locator("#faults").isVisible()).toBe(false);
    await network.tap();
    expect(await chat.page.locator("#faults").isVisible()).toBe(true);
    expect(await network.getAttribute("aria-pressed")).toBe("true");
    expect(await width()).toBe(360);
    await network.tap();
    expect(await chat.question.isVisible()).toBe(true);
  });
});
