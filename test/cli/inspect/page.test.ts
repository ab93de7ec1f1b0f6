import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumOfSystem, launch } from "../../support/browsers/playwright.ts";
import { sluice } from "../spawn.ts";
import { brokenText } from "./broken.ts";

const executable = chromiumOfSystem.path;
const NAME = "the page of a report in Chromium";

describe.skipIf(executable === undefined)(
  executable === undefined ? `${NAME}: there is none on the PATH` : NAME,
  () => {
    let browser: Browser;
    let folder: string;
    let page: Page;
    const complaints: string[] = [];
    const strangers: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "sluice-page-"));
      const cassette = join(folder, "broken.cassette");
      const html = join(folder, "report.html");
      await writeFile(cassette, brokenText());
      await sluice(["inspect", cassette, "--html", html]);
      browser = await launch(executable ?? "");
      page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("request", (request) => strangers.push(request.url()));
      await page.goto(pathToFileURL(html).href);
    });
    afterAll(async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    });

    const about = (): Promise<string> => page.locator(".chunk-map-about").innerText();

    test("it needs nothing but itself, and complains of nothing", async () => {
      await page.locator(".plot canvas").waitFor();
      expect(complaints).toEqual([]);
      expect(strangers).toHaveLength(1);
      expect(await page.locator(".verdict").innerText()).toContain("TypeError: terminated");
    });

    test("pointing at a chunk shows its text; so do the arrow keys", async () => {
      await page.locator(".map-chunk").nth(2).hover();
      expect(await about()).toMatch(/^Chunk 3 · 0\.\d+ s · 125 bytes from byte 165 on · begins inside a value$/);
      await page.mouse.move(0, 0);
      await page.locator(".chunk-map-bytes").focus();
      await page.keyboard.press("Home");
      expect(await about()).toMatch(/^Chunk 1 /);
      expect(await page.locator(".chunk-map-text").innerText()).toContain(": keep-alive");
      await page.keyboard.press("ArrowRight");
      expect(await about()).toMatch(/^Chunk 2 /);
      await page.keyboard.press("Escape");
      expect(await about()).toBe("Point at a chunk to see its text");
    });

    test("a problem leads to its chunk", async () => {
      await page.locator(".problems button").first().click();
      const found =
        /found with (chunk \d+)/.exec(await page.locator(".problems button").first().innerText())?.[1] ?? "none";
      expect((await about()).toLowerCase()).toMatch(new RegExp(`^${found} `));
      expect(await page.locator('.map-chunk[aria-selected="true"]').getAttribute("data-marked")).toBe("");
    });

    test("it draws a cell for each byte", async () => {
      const cells = await page
        .locator(".map-chunk i")
        .evaluateAll((runs) => runs.reduce((sum, run) => sum + (run.getAttribute("data-cells")?.length ?? 0), 0));
      const said = await page.getByText(/bytes in \d+ chunks/).innerText();
      expect(said).toMatch(new RegExp(`^${cells.toLocaleString("en")} bytes in`));
    });

    test.for(["light", "dark"] as const)("nobody is kept out: %s", async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(violations).toEqual([]);
    });

    test.for([360, 1400])("nothing sticks out at %s pixels", async (width) => {
      await page.setViewportSize({ width, height: 800 });
      await page.waitForFunction((most) => document.documentElement.scrollWidth <= most, width, { timeout: 5000 });
    });
  },
);
