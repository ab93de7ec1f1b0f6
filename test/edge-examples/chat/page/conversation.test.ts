import { expect, test } from "vitest";
import { answerTo } from "../../../../edge-examples/chat/upstream/answers.ts";
import { until } from "../../../support/http.ts";
import { type ChatPage, describeInChromium } from "./chromium.ts";

describeInChromium("a conversation on the chat page", (setting) => {
  interface Sent {
    messages: { role: string; content: string }[];
  }

  /** What the page sends from now on. */
  async function sentBy(chat: ChatPage): Promise<Sent[]> {
    const sent: Sent[] = [];
    await chat.page.route("**/api/chat", (route) => {
      sent.push(route.request().postDataJSON());
      return route.continue();
    });
    return sent;
  }

  const offer = (chat: ChatPage, name: string) => chat.answer.getByRole("button", { name, exact: true });

  test("its history goes with the next question", async () => {
    const chat = await setting.open();
    await chat.askToTheEnd("Repeat: one");
    const sent = await sentBy(chat);
    await chat.askToTheEnd("Repeat: two");
    expect(sent[0]?.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      "user: Repeat: one",
      "assistant: one",
      "user: Repeat: two",
    ]);
  });

  test("is there again after a reload, and is gone after New chat", async () => {
    const chat = await setting.open();
    await chat.askToTheEnd("What is the weather in Rome?");
    await chat.choose("Ends early");
    await chat.askToTheEnd("Which stages are there?");
    const shown = (): Promise<string[]> => chat.page.locator(".turn").allInnerTexts();
    const before = await shown();
    await chat.page.reload();
    await chat.ready();
    await chat.verdict.waitFor();
    expect(await shown()).toEqual(before);
    const sent = await sentBy(chat);
    await chat.askToTheEnd("Repeat: two");
    expect(sent[0]?.messages).toHaveLength(5);

    await chat.page.getByRole("button", { name: "New chat" }).click();
    expect(await chat.page.locator(".turn").count()).toBe(0);
    expect(await chat.page.locator("#welcome").isVisible()).toBe(true);
    await chat.page.reload();
    await chat.ready();
    expect(await chat.page.locator(".turn").count()).toBe(0);
    await chat.askToTheEnd("Repeat: three");
    expect(sent.at(-1)?.messages).toHaveLength(1);
  });

  test("a reload in mid-answer keeps what had come, says so, and can go on from there", async () => {
    const chat = await setting.openSlow();
    await chat.ask("Which stages are there?");
    await until(async () => (await chat.text).length > 80);
    await chat.page.reload();
    await chat.ready();
    await until(() => setting.slow.sent.at(-1)?.state === "left");
    expect(await chat.verdict.innerText()).toMatch(/^Interrupted: the page was left/);
    expect((await chat.text).length).toBeGreaterThan(80);
    await offer(chat, "Continue").click();
    await until(async () => (await chat.page.locator("tbody tr").count()) > 1);
    await chat.stop.click();
    await chat.verdict.waitFor();
    expect(await chat.page.locator(".answer").count()).toBe(1);
  });

  test("a long answer is there again, to the last word, after a reload right behind its end", async () => {
    const chat = await setting.open();
    const words = Array.from({ length: 60_000 }, (_, index) => `${index} \u{1f600}`);
    const event = (choice: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`;
    const body = `${event({ delta: { content: words.join(" ") } })}${event({ delta: {}, finish_reason: "stop" })}data: [DONE]\n\n`;
    await chat.page.route("**/api/chat", (route) => route.fulfill({ contentType: "text/event-stream", body }));
    const reloaded = async (): Promise<void> => {
      await chat.page.reload();
      await chat.ready();
      await chat.verdict.getByText(/^Whole/).waitFor();
      const shown = async (): Promise<string[]> =>
        (await chat.answer.locator(".markdown").textContent())?.trim().split(/\s+/) ?? [];
      await until(async () => (await shown()).length >= 2 * words.length);
      expect((await shown()).join(" ")).toBe(words.join(" "));
    };
    await chat.askToTheEnd("Count");
    await reloaded();
    await reloaded();
  });

  test("what becomes of an answer is kept, too, when the page was to be left and has stayed", async () => {
    const chat = await setting.openSlow();
    await chat.ask("Which stages are there?");
    await until(async () => (await chat.text).length > 20);
    await chat.page.evaluate(() => dispatchEvent(new Event("beforeunload"))); // as when a link opens a mail program
    await chat.stop.click();
    await chat.verdict.waitFor();
    await chat.page.waitForTimeout(2200);
    const text = await chat.text;
    await chat.page.reload();
    await chat.ready();
    expect(await chat.verdict.innerText()).toMatch(/^Stopped/);
    expect(await chat.text).toBe(text);
  });

  test("an answer that ends while the page is being left is kept as it ended", async () => {
    const chat = await setting.openSlow();
    await chat.ask("Repeat: one two three four five six seven eight nine ten");
    await until(async () => (await chat.text).length > 10);
    await chat.page.evaluate(() => dispatchEvent(new Event("beforeunload")));
    await chat.verdict.waitFor();
    await chat.page.reload();
    await chat.ready();
    expect(await chat.verdict.innerText()).toMatch(/^Whole/);
    expect(await chat.text).toMatch(/ten$/);
  });

  test("Continue goes on in the same answer, until it is whole", async () => {
    const question = "Show me some code";
    const chat = await setting.open();
    await chat.askToTheEnd(question);
    const whole = await chat.answer.locator(".markdown").innerHTML();
    await chat.page.getByRole("button", { name: "New chat" }).click();

    await chat.choose("Cut");
    await chat.askToTheEnd(question);
    await chat.choose("None");
    await offer(chat, "Continue").click();
    await chat.verdict.getByText("Whole:").waitFor();
    expect(await chat.answer.locator(".markdown").innerHTML()).toBe(whole);
    expect(await chat.page.locator(".turn").count()).toBe(2);
    const sent = await sentBy(chat);
    await chat.askToTheEnd("Repeat: x");
    expect(sent[0]?.messages[1]).toEqual({ role: "assistant", content: answerTo(question) });
  });

  test("Retry asks again, and forgets what came of it", async () => {
    const chat = await setting.open();
    await chat.choose("Ends early");
    await chat.askToTheEnd("Which stages are there?");
    await chat.choose("None");
    const sent = await sentBy(chat);
    await offer(chat, "Retry").click();
    await chat.verdict.getByText("Whole:").waitFor();
    expect(await chat.page.locator(".turn").count()).toBe(2);
    expect(sent[0]?.messages).toHaveLength(1);
    expect(await chat.answer.locator("tbody tr").count()).toBe(4);
  });

  test("New chat in mid-answer stops it", async () => {
    const chat = await setting.openSlow();
    await chat.ask("What is sluice?");
    await until(async () => (await chat.text).length > 20);
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await until(() => setting.slow.sent.at(-1)?.state === "left");
    expect(await chat.page.locator(".turn").count()).toBe(0);
    expect(await chat.page.getByRole("button", { name: "Send" }).isVisible()).toBe(true);
    await chat.askToTheEnd("Repeat: still here");
    expect(await chat.page.locator(".turn").count()).toBe(2);
  });

  test("scrolls along while the reader is at the end, and not when they have scrolled away", async () => {
    const chat = await setting.openSlow();
    await chat.page.setViewportSize({ width: 1280, height: 420 });
    await chat.ask(`Repeat: ${"one two three\n\n".repeat(300)}`);
    const thread = chat.page.getByLabel("Conversation");
    const distance = (): Promise<number> =>
      thread.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    const height = (): Promise<number> => thread.evaluate((element) => element.scrollHeight);
    await until(async () => (await height()) > 520);
    expect(await distance()).toBeLessThan(60);
    const toEnd = chat.page.getByRole("button", { name: "To the end" });
    expect(await toEnd.isVisible()).toBe(false);
    await thread.evaluate((element) => {
      element.scrollTop = 0;
    });
    const before = await height();
    await until(async () => (await height()) > before + 40);
    expect(await thread.evaluate((element) => element.scrollTop)).toBe(0);
    await toEnd.click();
    expect(await distance()).toBeLessThan(60);
    expect(await toEnd.isVisible()).toBe(false);
    await chat.stop.click();
    await chat.verdict.waitFor();
  });

  test("an answer can be copied as it was written, and so can its code", async () => {
    const chat = await setting.open();
    await chat.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await chat.askToTheEnd("Show me some code");
    const clipboard = (): Promise<string> => chat.page.evaluate(() => navigator.clipboard.readText());
    await chat.answer.getByRole("button", { name: "Copy code, ts" }).click();
    await chat.answer.getByText("Copied").waitFor();
    expect(await clipboard()).toMatch(/^import \{ bufferParse[\s\S]*\n\tasync fetch/);
    await chat.answer.getByRole("button", { name: "Copy answer" }).click();
    await until(async () => (await clipboard()) === answerTo("Show me some code"));
  });
});
