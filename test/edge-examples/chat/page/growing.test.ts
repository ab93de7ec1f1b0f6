import { expect, test } from "vitest";
import { answerTo } from "../../../../edge-examples/chat/upstream/answers.ts";
import { type ChatPage, describeInChromium } from "./chromium.ts";

describeInChromium("Markdown that grows on the chat page", (setting) => {
  /** Answers the next questions with this text, a delta for each piece. */
  async function answerWith(chat: ChatPage, pieces: readonly string[]): Promise<void> {
    const events = pieces.map(
      (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`,
    );
    const end = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    await chat.page.route("**/api/chat", (route) =>
      route.fulfill({ contentType: "text/event-stream", body: events.join("") + end }),
    );
  }

  const questions = [
    "Show me some code",
    "Which stages are there?",
    "Make a list",
    "Greet me in ten languages",
    "Attack this page",
  ];
  const texts = [
    ...questions.map(answerTo),
    "# Head\n\n1. one\n\n2. two **bold\ntext**\n\n```js\nconst a = `b`;\n\n// c\n```\n\nA [ref] and `code`\n\n- x\n\n  y\n- z\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n[ref]: https://a.example",
    "~~~\ntildes\r\n~~~\r\n\r\nafter\r\n\r\n````md\n```\ninner\n```\n````\nend",
    "a\n\n```\nnever closed\n\n| no | table |",
    "one\n\nUse <code> then </div class> and <h1/class=x> this text\n\ntwo <code></div x><div/x>a</div x><div/x>b\n\nthree\n\nfour <pre></div x> tail",
  ];

  test.each(texts.map((text) => [text.slice(0, 40), text]))(
    "%j ends as the same text at once, however it came",
    async (_, text) => {
      const chat = await setting.open();
      const html = async (pieces: readonly string[]): Promise<string> => {
        await answerWith(chat, pieces);
        expect(await chat.askToTheEnd("hi")).toMatch(/^Whole/);
        return chat.answer.locator(".markdown").innerHTML();
      };
      const whole = await html([text]);
      expect(whole).not.toBe("");
      // Each piece is a frame of its own: that is when the page renders.
      await chat.page.evaluate(() => {
        const counted = { frames: 0 };
        Object.assign(globalThis, {
          counted,
          requestAnimationFrame(work: FrameRequestCallback): void {
            counted.frames++;
            work(0);
          },
        });
      });
      const pieces = text.match(/[\s\S]{1,3}/gu) ?? [];
      expect(await html(pieces)).toBe(whole);
      const frames = await chat.page.evaluate(
        () => (globalThis as unknown as { counted: { frames: number } }).counted.frames,
      );
      expect(frames).toBeGreaterThanOrEqual(pieces.length);
    },
  );

  test("what is finished is not touched again, and the last block only where it grows", async () => {
    const chat = await setting.openSlow();
    await chat.page.evaluate(() => {
      const counted = { added: 0, removed: 0, frozen: 0 };
      Object.assign(globalThis, { counted });
      new MutationObserver((records) => {
        for (const { target, addedNodes, removedNodes } of records) {
          const markdown = target.parentElement?.closest(".markdown");
          if (markdown === null || markdown === undefined) continue;
          counted.added += addedNodes.length;
          counted.removed += removedNodes.length;
          const blocks = [...markdown.querySelectorAll(".section > *")];
          const block = blocks.findIndex((each) => each.contains(target));
          // The last block, or the one before it in the moment in which the last began.
          if (block !== -1 && block < blocks.length - 3) counted.frozen += 1;
        }
      }).observe(document.getElementById("turns") ?? document, { subtree: true, childList: true, characterData: true });
    });
    const paragraphs = Array.from({ length: 40 }, (_, index) => `Paragraph ${index} has **bold** words, and \`code\`.`);
    expect(await chat.askToTheEnd(`Repeat: ${paragraphs.join("\n\n")}`)).toMatch(/^Whole/);
    const { added, removed, frozen } = await chat.page.evaluate(
      () => (globalThis as unknown as { counted: { added: number; removed: number; frozen: number } }).counted,
    );
    const nodes = await chat.answer.locator(".markdown").evaluate((element) => {
      const walker = document.createTreeWalker(element);
      let count = 0;
      while (walker.nextNode() !== null) count += 1;
      return count;
    });
    console.log(
      `nodes in the answer: ${nodes}; added on the way: ${added}, taken away: ${removed}, in finished blocks: ${frozen}`,
    );
    expect(frozen).toBe(0);
    expect(removed).toBeLessThan(nodes);
  });
});
