import { expect, test } from "vitest";
import { type ChatPage, describeInChromium } from "./chromium.ts";
import { hostileAnswers } from "./hostile-answers.ts";

describeInChromium("what the model writes on the chat page", (setting) => {
  /** Answers the next questions with this text, however long it is, in pieces of `size` characters. */
  async function answerWith(chat: ChatPage, text: string, size = 1000): Promise<void> {
    const events: string[] = [];
    for (let at = 0; at < text.length; at += size) {
      const choices = [{ index: 0, delta: { content: text.slice(at, at + size) } }];
      events.push(`data: ${JSON.stringify({ choices })}\n\n`);
    }
    const body = `${events.join("")}data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
    await chat.page.route("**/api/chat", (route) => route.fulfill({ contentType: "text/event-stream", body }));
  }

  test("can run nothing, load nothing and leave nothing", async () => {
    const chat = await setting.open();
    await chat.page.exposeFunction("alert", () => chat.complaints.push("something ran"));
    expect(await chat.askToTheEnd("Attack this page")).toMatch(/^Whole/);
    const markdown = chat.answer.locator(".markdown");
    expect(
      await markdown.locator("img, script, iframe, form, input, svg, style, math, [style], [id], [onclick]").count(),
    ).toBe(0);
    // What it wrote can be read instead.
    const text = await markdown.innerText();
    for (const written of ['<script>alert("script")</script>', "data: [DONE]", "[U+202E]", "nothing happened."])
      expect(text).toContain(written);
    expect(text).not.toContain("\u202e");
    const links = await markdown
      .locator("a[href]")
      .evaluateAll((all) =>
        all.map((link) => ["href", "rel", "target"].map((name) => link.getAttribute(name)).join(" ")),
      );
    expect(links.sort()).toEqual([
      "https://evil.example/100000x100000.png noopener noreferrer nofollow _blank",
      "https://evil.example/pixel.png?user=you noopener noreferrer nofollow _blank",
      "https://example.com/ noopener noreferrer nofollow _blank",
    ]);
    expect(await chat.askToTheEnd("Repeat: still here")).toMatch(/^Whole/);
  });

  test("is there to the last word, where marked sees raw text and the browser an end of what is around it", async () => {
    const chat = await setting.open();
    const paragraphs = [
      "one",
      "Use <code> then </div class> and <h1/class=visually-hidden> this text",
      "two <code></div x><div/x>a</div x><div/x>b",
      "three",
      "four <pre></div x> and its tail",
    ];
    await answerWith(chat, paragraphs.join("\n\n"), 7);
    expect(await chat.askToTheEnd("hi")).toMatch(/^Whole/);
    expect(await chat.answer.locator(".markdown p").allTextContents()).toEqual(paragraphs);
  });

  // The whole sizes, and how long each keeps the page from anything else: npm run measure:page.
  test.each(hostileAnswers(20_000))("%s: the text is there, and the page goes on", async (_, text) => {
    const chat = await setting.open();
    await answerWith(chat, text);
    expect(await chat.askToTheEnd("hi")).toMatch(/^Whole/);
    const shown = (await chat.answer.locator(".markdown").textContent()) ?? "";
    expect(shown.length).toBeGreaterThan(text.length / 50);
    await chat.page.unroute("**/api/chat");
    expect(await chat.askToTheEnd("Repeat: still here")).toMatch(/^Whole/);
  });
});
