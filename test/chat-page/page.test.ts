import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Served } from "../../edge-examples/chat/serve.ts";
import { answerTo } from "../../edge-examples/chat/upstream/answers.ts";
import { startUpstream, type Upstream } from "../../edge-examples/chat/upstream/server.ts";
import { startChat, until } from "../chat/support.ts";
import { ChatPage, findChromium, launch } from "./browser.ts";

const executable = findChromium();
const NAME = "the chat page in Chromium";

describe.skipIf(executable === undefined)(
  executable === undefined ? `${NAME}: there is none on the PATH` : NAME,
  () => {
    let browser: Browser;
    let upstream: Upstream;
    let slow: Upstream;
    let worker: Served;
    let slowWorker: Served;
    let chat: ChatPage;
    /** What this test expects the browser to complain about. */
    let isExpected: (complaint: string) => boolean;

    beforeAll(async () => {
      [browser, upstream, slow] = await Promise.all([
        launch(executable ?? ""),
        startUpstream({ pace: 0, stall: 60_000, seed: 1 }),
        startUpstream({ pace: 40, seed: 1 }),
      ]);
      [worker, slowWorker] = await Promise.all([
        startChat({ UPSTREAM_URL: upstream.url, DEMO: "1", WIRE: "1" }),
        startChat({ UPSTREAM_URL: slow.url, DEMO: "1", WIRE: "1" }),
      ]);
    });
    afterAll(async () => {
      await browser.close();
      await Promise.all([worker.close(), slowWorker.close()]);
      await Promise.all([upstream.close(), slow.close()]);
    });

    beforeEach(async () => {
      isExpected = () => false;
      chat = await ChatPage.open(browser, worker.url);
    });
    afterEach(async () => {
      const { complaints, strangers } = chat;
      await chat.close();
      expect(complaints.filter((complaint) => !isExpected(complaint))).toEqual([]);
      expect(strangers).toEqual([]);
    });

    async function openSlow(): Promise<void> {
      await chat.close();
      chat = await ChatPage.open(browser, slowWorker.url);
    }

    test("asks, shows the answer as Markdown, and says that it was whole and why", async () => {
      expect(await chat.askToTheEnd("Which stages are there?")).toMatch(
        /^Whole: the provider sent \[DONE\]\. \d+ deltas in/,
      );
      expect(await chat.answer.locator("table tbody tr").count()).toBe(4);
      expect(await chat.answer.locator("code").first().innerText()).toBe("decode");
      expect(await chat.status.textContent()).toBe("Whole: the provider sent [DONE].");
      expect(await chat.page.getByRole("button", { name: "Send" }).isVisible()).toBe(true);
    });

    test("shows text as it arrives, and Stop keeps what came, is no error, and reaches the upstream", async () => {
      await openSlow();
      await chat.ask("What is sluice?");
      expect(await chat.status.textContent()).toBe("Answering…");
      await until(async () => (await chat.answer.locator(".markdown").innerText()).length > 20);
      const early = (await chat.answer.innerText()).length;
      await until(async () => (await chat.answer.innerText()).length > early + 20);
      await chat.stop.click();
      await chat.verdict.waitFor();
      expect(await chat.verdict.innerText()).toMatch(/^Stopped: by you\. What had come is kept\./);
      expect(await chat.verdict.getAttribute("class")).toBe("verdict aborted");
      expect((await chat.answer.locator(".markdown").innerText()).length).toBeGreaterThan(early);
      await until(() => slow.sent.at(-1)?.state === "left");
      expect(await chat.askToTheEnd("Repeat: still here")).toMatch(/^Whole/);
    });

    test("Stop works in a stall, also with Escape", async () => {
      await chat.choose("Stall");
      for (const stop of [() => chat.stop.click(), () => chat.page.keyboard.press("Escape")]) {
        await chat.ask("What is sluice?");
        await until(() => upstream.sent.at(-1)?.state === "stalling");
        await chat.page.getByText("sluice is a small set").last().waitFor();
        await stop();
        await chat.verdict.waitFor();
        expect(await chat.verdict.innerText()).toMatch(/^Stopped/);
        await until(() => upstream.sent.at(-1)?.state === "left");
      }
    });

    const question = "Repeat: Grüße 👩‍🔬 aus 水, “whole”, and a few words more so that there is a middle.";
    const text = answerTo(question);

    test.each<[string, string[]]>([
      ["as sent", ["As sent"]],
      ["cut anywhere", ["Cut anywhere"]],
      ["one byte each", ["One byte each"]],
      ["cut inside characters", ["Inside characters"]],
      ["with CRLF", ["CRLF"]],
      ["with comments and blanks", ["Comments, blanks"]],
      ["with control characters", ["Control characters"]],
      ["with JSON over several events", ["JSON over several events"]],
      [
        "with all of it at once",
        ["One byte each", "CRLF", "Comments, blanks", "Control characters", "JSON over several events"],
      ],
    ])("%s, the answer is the same and whole", async (_, choices) => {
      await chat.choose(...choices);
      expect(await chat.askToTheEnd(question)).toMatch(/^Whole: the provider sent \[DONE\]/);
      expect(await chat.answer.locator(".markdown").innerText()).toBe(text);
      expect(await chat.page.locator("#value-count").innerText()).toMatch(/^\d+ values, all whole$/);
      expect(await chat.rows.last().innerText()).toMatch(/The end\s+\[DONE\] was there/);
    });

    test.each<[string, RegExp, string, RegExp]>([
      ["Malformed event", /^Not whole: one event was malformed, and what it carried is lost/, "error", /malformed/],
      ["Provider error", /^Failed: The demo upstream was asked to fail here\./, "error", /demo_failure/],
      [
        "Ends early",
        /^Cut off: the connection ended without \[DONE\] or a finish reason/,
        "truncated",
        /No \[DONE\], no finish/,
      ],
      ["Cut", /^Cut off: the connection broke without \[DONE\]/, "truncated", /truncated/],
    ])("%s: the verdict says so, and the text that came is there", async (choice, verdict, outcome, shown) => {
      await chat.choose(choice);
      expect(await chat.askToTheEnd(question)).toMatch(verdict);
      expect(await chat.verdict.getAttribute("class")).toBe(`verdict ${outcome}`);
      expect(await chat.answer.locator(".markdown").innerText()).toMatch(/^Grüße 👩‍🔬 aus/);
      expect(await chat.status.textContent()).toMatch(verdict);
      expect(await chat.page.locator("#rows").innerText()).toMatch(shown);
    });

    test("the wire shows chunks beside the values that came of them", async () => {
      await chat.choose("Inside characters", "Control characters");
      await chat.askToTheEnd(question);
      expect(await chat.page.locator("#chunk-count").innerText()).toMatch(/^\d+ chunks; none parses by itself$/);
      const row = chat.rows.nth(1);
      expect(await row.locator(".chunk").count()).toBeGreaterThan(1);
      expect(await row.locator(".bytes").allInnerTexts()).toContain("C3");
      expect(await row.locator(".control").allInnerTexts()).toEqual(expect.arrayContaining(["\\n", "\\x00", "\\x1b"]));
      expect(JSON.parse(await row.locator(".value").innerText())).toMatchObject({
        choices: [{ delta: { content: "Grüße" } }],
      });
      expect(await row.locator(".value mark").innerText()).toBe('"Grüße"');
    });

    test("a byte per chunk of a long answer stays within bounds", async () => {
      await chat.choose("One byte each");
      await chat.askToTheEnd("Write a haiku");
      expect(await chat.page.locator(".chunk").count()).toBeLessThan(5000);
      expect(await chat.page.locator(".gap").innerText()).toMatch(/^[\d,]+ chunks not shown$/);
    });

    test("works with the keyboard alone", async () => {
      await openSlow();
      const { page } = chat;
      expect(await chat.question.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.type("What is");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("sluice?");
      await page.keyboard.press("Enter");
      expect(await page.locator(".question").innerText()).toMatch(/What is\nsluice\?$/);
      await page.keyboard.press("Tab"); // from the question to Stop
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("stop");
      await page.keyboard.press("Enter");
      await chat.verdict.waitFor();
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("question");

      await page.keyboard.press("Tab"); // Send
      await page.keyboard.press("Tab"); // the chunks, where an arrow chooses
      await page.keyboard.press("ArrowRight");
      for (let tabs = 0; tabs < 5; tabs++) await page.keyboard.press("Tab"); // four of clutter, then the accidents
      for (let arrows = 0; arrows < 3; arrows++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Tab"); // Ask again
      await page.keyboard.press("Enter");
      await until(async () => (await page.locator(".answer").count()) === 2);
      await until(() => slow.sent.at(-1)?.faults.join() === "one-byte,early-end");
      await page.keyboard.press("Escape");
      await chat.verdict.waitFor();
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("wire-rows");
    });

    test("a suggestion asks at once", async () => {
      await chat.page.getByRole("button", { name: "Greet me in ten languages" }).click();
      await chat.verdict.waitFor();
      expect(await chat.answer.locator("li").count()).toBe(11);
      expect(await chat.page.locator("#welcome").isVisible()).toBe(false);
    });

    test("what the model writes can run nothing, load nothing and leave nothing", async () => {
      const hostile = [
        "<img src=x onerror=alert(1)><script>alert(2)</script><iframe src=//evil.example></iframe>",
        "![pixel](https://evil.example/pixel.png) [click](javascript:alert(3)) [data](data:text/html,x)",
        '<a href="https://a.example" id="send" target="_self" onclick="alert(4)">link</a> [link](https://b.example)',
        '<p style="position:fixed;inset:0">over</p><form action="//evil.example"><input name="x"></form>',
        "<svg><style>*{display:none}</style></svg><math><mtext></mtext></math>",
      ].join("\n\n");
      await chat.page.exposeFunction("alert", () => chat.complaints.push("something ran"));
      expect(await chat.askToTheEnd(`Repeat: ${hostile}`)).toMatch(/^Whole/);
      const markdown = chat.answer.locator(".markdown");
      expect(
        await markdown.locator("img, script, iframe, form, input, svg, style, math, [style], [id], [onclick]").count(),
      ).toBe(0);
      // What it wrote can be read instead.
      expect(await markdown.innerText()).toContain("<script>alert(2)</script>");
      const links = await markdown
        .locator("a[href]")
        .evaluateAll((all) =>
          all.map((link) =>
            [link.getAttribute("href"), link.getAttribute("rel"), link.getAttribute("target")].join(" "),
          ),
        );
      expect(links.sort()).toEqual([
        "https://b.example noopener noreferrer nofollow _blank",
        "https://evil.example/pixel.png noopener noreferrer nofollow _blank",
      ]);
    });

    test("growing Markdown ends as the same text rendered at once", async () => {
      await openSlow();
      const source =
        "Repeat: # Head\n\n1. one\n\n2. two **bold\ntext**\n\n```js\nconst a = `b`;\n\n// c\n```\n\nA [ref] and `code`\n\n- x\n\n  y\n- z\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n[ref]: https://a.example";
      await chat.askToTheEnd(source);
      const grown = await chat.answer.locator(".markdown").innerHTML();
      await chat.close();
      chat = await ChatPage.open(browser, worker.url);
      await chat.askToTheEnd(source);
      expect(await chat.answer.locator(".markdown").innerHTML()).toBe(grown);
      expect(grown).toContain("<ol>");
      expect(grown.match(/<ol>/g)).toHaveLength(1);
      expect(grown).toContain('href="https://a.example"');
    });

    test("code can be copied", async () => {
      await chat.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await chat.askToTheEnd("Show me some code");
      await chat.answer.getByRole("button", { name: "Copy" }).first().click();
      await chat.answer.getByRole("button", { name: "Copied" }).waitFor();
      const copied = await chat.page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toMatch(/^import \{ bufferParse[\s\S]*\n\tasync fetch/);
    });

    test("the Worker's errors are shown in its words", async () => {
      isExpected = (complaint) => complaint.includes("502");
      await chat.page.route("**/api/chat", (route) =>
        route.fulfill({
          status: 502,
          json: { error: { code: "upstream_unreachable", message: "The upstream could not be reached" } },
        }),
      );
      expect(await chat.askToTheEnd("hi")).toBe("Failed: The upstream could not be reached.");
    });

    test("a Worker that ends without a verdict, or sends none of its own words, is no clean end", async () => {
      isExpected = (complaint) => complaint.includes("500") || complaint.includes("ERR_FAILED");
      const event = 'event: text\ndata: {"type":"text","text":"Half an"}\n\n';
      await chat.page.route("**/api/chat", (route) => route.fulfill({ contentType: "text/event-stream", body: event }));
      expect(await chat.askToTheEnd("hi")).toMatch(/^Cut off: the connection to the Worker ended without \[DONE\]/);
      expect(await chat.answer.locator(".markdown").innerText()).toBe("Half an");

      await chat.page.route("**/api/chat", (route) => route.fulfill({ status: 500, body: "<h1>Oops</h1>" }));
      expect(await chat.askToTheEnd("hi")).toMatch(/^Failed: The Worker answered HTTP 500/);

      await chat.page.route("**/api/chat", (route) => route.abort());
      expect(await chat.askToTheEnd("hi")).toMatch(/^Cut off: the connection to the Worker broke/);
    });

    test("an answer that was whole but not finished is not shown as finished", async () => {
      const events = [
        { type: "text", text: "Half a thought" },
        { type: "finish", reason: "length" },
        { type: "end", outcome: "complete", via: "sentinel" },
      ];
      const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
      await chat.page.route("**/api/chat", (route) => route.fulfill({ contentType: "text/event-stream", body }));
      expect(await chat.askToTheEnd("hi")).toMatch(/^Whole, but short: .*the model stopped at its length limit/);
    });

    test("the history goes with the next question, and no further back than the Worker reads", async () => {
      await chat.askToTheEnd("Repeat: one");
      const sent: { messages: { role: string; content: string }[] }[] = [];
      await chat.page.route("**/api/chat", (route) => {
        sent.push(route.request().postDataJSON());
        return route.continue();
      });
      await chat.askToTheEnd("Repeat: two");
      expect(sent[0]?.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
        "user: Repeat: one",
        "assistant: one",
        "user: Repeat: two",
      ]);
    });

    test("on a phone the chat and the network take turns, and nothing is wider than the page", async () => {
      await chat.close();
      chat = await ChatPage.open(browser, worker.url, {
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        isMobile: true,
      });
      const width = (): Promise<number> => chat.page.evaluate(() => document.documentElement.scrollWidth);
      for (const asked of ["Which stages are there?", "Show me some code", `Repeat: ${"long".repeat(100)}`]) {
        await chat.askToTheEnd(asked);
        expect(await width()).toBe(390);
      }
      const network = chat.page.getByRole("button", { name: "Network" });
      expect(await chat.page.locator("#faults").isVisible()).toBe(false);
      await network.tap();
      expect(await chat.page.locator("#faults").isVisible()).toBe(true);
      expect(await network.getAttribute("aria-pressed")).toBe("true");
      expect(await width()).toBe(390);
      await network.tap();
      expect(await chat.question.isVisible()).toBe(true);
    });

    test("scrolls along while the reader is at the end, and not when they have scrolled away", async () => {
      await openSlow();
      await chat.page.setViewportSize({ width: 1280, height: 420 });
      await chat.ask("What is sluice?");
      const thread = chat.page.getByLabel("Conversation");
      const distance = (): Promise<number> =>
        thread.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
      const height = (): Promise<number> => thread.evaluate((element) => element.scrollHeight);
      await until(async () => (await height()) > 520);
      expect(await distance()).toBeLessThan(60);
      await thread.evaluate((element) => {
        element.scrollTop = 0;
      });
      const before = await height();
      await until(async () => (await height()) > before + 40);
      expect(await thread.evaluate((element) => element.scrollTop)).toBe(0);
      await chat.stop.click();
      await chat.verdict.waitFor();
    });
  },
);
