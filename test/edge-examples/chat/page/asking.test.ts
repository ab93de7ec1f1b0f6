import { expect, test } from "vitest";
import { answerTo } from "../../../../edge-examples/chat/upstream/answers.ts";
import { until } from "../../../support/http.ts";
import { describeInChromium } from "./chromium.ts";

describeInChromium("asking on the chat page", (setting) => {
  test("shows the answer as Markdown, and says that it was whole, why, and what it took", async () => {
    const chat = await setting.open();
    expect(await chat.askToTheEnd("Which stages are there?")).toBe("Whole: [DONE] arrived.");
    expect(await chat.answer.locator("table tbody tr").count()).toBe(4);
    expect(await chat.answer.locator("code").first().innerText()).toBe("decode");
    expect(await chat.status.textContent()).toBe("Whole: [DONE] arrived.");
    expect(await chat.answer.locator(".measures").innerText()).toMatch(
      /^\d+\stokens · \d+\sin\sthe\sprompt · [\d.]+\ss/,
    );
    expect(await chat.page.getByRole("button", { name: "Send" }).isVisible()).toBe(true);
    expect(await chat.page.getByRole("button", { name: "Retry" }).count()).toBe(0);
  });

  test("shows text as it arrives, and Stop keeps what came, is no error, and reaches the upstream", async () => {
    const chat = await setting.openSlow();
    await chat.ask("What is sluice?");
    expect(await chat.status.textContent()).toBe("Answering…");
    await until(async () => (await chat.text).length > 20);
    const early = (await chat.text).length;
    await until(async () => (await chat.text).length > early + 20);
    await chat.stop.click();
    await chat.verdict.waitFor();
    expect(await chat.verdict.innerText()).toBe("Stopped: by you. What had come is kept.");
    expect(await chat.outcome()).toBe("aborted");
    expect((await chat.text).length).toBeGreaterThan(early);
    await until(() => setting.slow.sent.at(-1)?.state === "left");
    expect(await chat.askToTheEnd("Repeat: still here")).toMatch(/^Whole/);
  });

  test("Stop works in a stall, also with Escape", async () => {
    const chat = await setting.open();
    await chat.choose("Stall");
    for (const stop of [() => chat.stop.click(), () => chat.page.keyboard.press("Escape")]) {
      await chat.ask("What is sluice?");
      await until(() => setting.upstream.sent.at(-1)?.state === "stalling");
      await chat.page.getByText("sluice is a small set").last().waitFor();
      await stop();
      await chat.verdict.waitFor();
      expect(await chat.verdict.innerText()).toMatch(/^Stopped/);
      await until(() => setting.upstream.sent.at(-1)?.state === "left");
    }
  });

  test("one thread reads all answers, whole, stalled and stopped, and none is left behind", async () => {
    const chat = await setting.open();
    const readers = (): number => chat.page.workers().length;
    expect(readers()).toBe(1);
    expect(await chat.askToTheEnd("What is sluice?")).toMatch(/^Whole/);
    await chat.choose("Stall");
    expect(await chat.askToTheEnd("What is sluice?")).toMatch(/^Stalled/);
    await chat.ask("What is sluice?");
    await until(() => setting.upstream.sent.at(-1)?.state === "stalling");
    await chat.stop.click();
    await chat.verdict.waitFor();
    await chat.choose("None");
    expect(await chat.askToTheEnd("What is sluice?")).toMatch(/^Whole/);
    await until(() => readers() === 1);
  });

  const question = "Repeat: Grüße 👩‍🔬 aus 水, “whole”, and a few words more so that there is a middle.";
  const text = answerTo(question);

  test.each<[string, string[]]>([
    ["as sent", ["As sent"]],
    ["cut anywhere", ["Cut anywhere"]],
    ["one byte each", ["One byte each"]],
    ["cut inside characters", ["Inside characters"]],
    ["with CRLF", ["CRLF"]],
    ["with comments and blanks", ["Comments"]],
    ["with control characters", ["Control characters"]],
    ["with JSON over several events", ["Split JSON"]],
    ["with all of it at once", ["One byte each", "CRLF", "Comments", "Control characters", "Split JSON"]],
  ])("%s, the answer is the same and whole", async (_, choices) => {
    const chat = await setting.openSlow(); // the Worker joins what comes at once
    await chat.choose(...choices);
    expect(await chat.askToTheEnd(question)).toBe("Whole: [DONE] arrived.");
    expect(await chat.text).toBe(text);
    expect(await chat.page.locator("#delta-count").innerText()).toMatch(/^\d+ deltas, no error$/);
    expect(await chat.rows.last().textContent()).toBe("The endend complete [DONE] was there");
  });

  test.each<[choice: string, verdict: RegExp, outcome: string, offers: string[]]>([
    [
      "Malformed event",
      /^Not whole: one event was malformed, and what it carried is lost\. Everything else arrived\./,
      "error",
      ["Retry"],
    ],
    [
      "Provider error",
      /^Failed: The demo upstream was asked to fail here \(demo_failure\)\./,
      "error",
      ["Continue", "Retry"],
    ],
    ["Ends early", /^Cut off: the connection ended without \[DONE\] or a finish/, "truncated", ["Continue", "Retry"]],
    ["Cut", /^Cut off: the Worker’s connection to the provider broke/, "error", ["Continue", "Retry"]],
    ["Stall", /^Stalled: nothing came for 1\.5 s, and the connection was left/, "stalled", ["Continue", "Retry"]],
    ["Length limit", /^Not finished: the model stopped at its length limit/, "complete", ["Continue", "Retry"]],
    ["Content filter", /^Filtered: the provider’s content filter ended the answer/, "complete", ["Retry"]],
  ])(
    "%s: the verdict says so, the text that came is there, and what can be done is offered",
    async (choice, verdict, outcome, offers) => {
      const chat = await setting.open();
      await chat.choose(choice);
      expect(await chat.askToTheEnd(question)).toMatch(verdict);
      expect(await chat.outcome()).toBe(outcome);
      expect(await chat.text).toMatch(/^Grüße 👩‍🔬 aus/);
      expect(await chat.status.textContent()).toMatch(verdict);
      expect(await chat.answer.locator(".offer").allTextContents()).toEqual([...offers, "Copy"]);
    },
  );

  test("shows reasoning folded away, tool calls with their input when it is whole, and tokens", async () => {
    const chat = await setting.open();
    expect(await chat.askToTheEnd("What is the weather in Rome?")).toMatch(
      /^Whole: .* asks for a tool; this page calls none/,
    );
    const reasoning = chat.answer.locator("details");
    expect(await reasoning.getByText("Two things are wanted").isVisible()).toBe(false);
    await reasoning.locator("summary").click();
    expect(await reasoning.getByText("Two things are wanted").isVisible()).toBe(true);
    const call = chat.page.getByRole("region", { name: "Tool call: get_weather" });
    expect(await call.locator(".call-state").innerText()).toBe("input, whole");
    expect(JSON.parse(await call.locator("pre").innerText())).toEqual({ city: "Rome", country: "IT", units: "metric" });
    expect(await chat.answer.locator(".measures").innerText()).toMatch(/\d+\stokens,\s\d+\sof\sthem\sreasoning/);
  });

  test("the arguments of a tool call that was cut off are never shown as its input", async () => {
    const chat = await setting.open();
    const events = [
      { delta: { tool_calls: [{ index: 0, id: "a", function: { name: "transfer", arguments: '{"to":"x"}' } }] } },
      {
        delta: {
          tool_calls: [{ index: 1, id: "b", function: { name: "transfer", arguments: '{"to":"y","amount":1' } }],
        },
      },
    ];
    const body = events.map((choice) => `data: ${JSON.stringify({ choices: [{ index: 0, ...choice }] })}\n\n`).join("");
    await chat.page.route("**/api/chat", (route) => route.fulfill({ contentType: "text/event-stream", body }));
    expect(await chat.askToTheEnd("hi")).toMatch(/^Cut off/);
    expect(await chat.answer.locator(".call-state").allTextContents()).toEqual(["input, whole", "arguments, cut off"]);
    expect(await chat.answer.locator(".call pre").last().textContent()).toBe('{"to":"y","amount":1');
  });

  test("the Worker's errors are shown in its words, and the network's in ours", async () => {
    setting.expectComplaints((complaint) => /50[02]|ERR_FAILED/.test(complaint));
    const chat = await setting.open();
    const failure = { error: { code: "upstream_unreachable", message: "The upstream could not be reached" } };
    await chat.page.route("**/api/chat", (route) => route.fulfill({ status: 502, json: failure }));
    expect(await chat.askToTheEnd("hi")).toBe("Failed: The upstream could not be reached (upstream_unreachable).");
    await chat.page.route("**/api/chat", (route) => route.fulfill({ status: 500, body: "<h1>Oops</h1>" }));
    expect(await chat.askToTheEnd("hi")).toMatch(/^Failed: HTTP status 500: <h1>Oops/);
    await chat.page.route("**/api/chat", (route) => route.abort());
    expect(await chat.askToTheEnd("hi")).toMatch(/^Cut off: this page’s connection broke/);
    await chat.page.route("**/api/chat", (route) =>
      route.fulfill({ contentType: "text/html", body: "<title>A login</title>" }),
    );
    expect(await chat.askToTheEnd("hi")).toMatch(/^Failed: .*A login/);
  });

  test("the network panel shows chunks beside the deltas that came of them", async () => {
    const chat = await setting.openSlow();
    await chat.choose("Inside characters", "Control characters");
    await chat.askToTheEnd("Repeat: Grüße aus 水");
    expect(await chat.page.locator("#chunk-count").innerText()).toMatch(/^\d+ chunks; none parses by itself$/);
    expect(await chat.page.locator(".chunk .bytes").allTextContents()).toContain("C3");
    expect(await chat.page.locator(".chunk .control").allTextContents()).toEqual(
      expect.arrayContaining(["\\n", "\\x00", "\\x1b"]),
    );
    const row = chat.rows.filter({ hasText: '"Grüße"' });
    expect(await row.locator(".value[data-kind=text] .what").first().textContent()).toBe('"Grüße"');
    expect(await row.locator(".chunk").count()).toBeGreaterThan(0);
  });

  test("the chunk map draws the same chunks, live, each with what its border cuts", async () => {
    const chat = await setting.openSlow();
    await chat.choose("Inside characters", "Chunk map");
    await chat.ask(`Repeat: ${"Grüße aus 水 ".repeat(100)}`);
    const map = chat.page.getByRole("region", { name: "Chunk map" });
    await until(async () => (await map.locator(".map-chunk").count()) > 10);
    expect(await chat.stop.isVisible()).toBe(true); // it grows with the answer
    await until(async () => (await map.locator(".map-chunk[data-cut=character]").count()) > 0);
    await chat.stop.click();
    await chat.verdict.waitFor();
    const count = Number((await chat.page.locator("#chunk-count").textContent())?.match(/^\d+/)?.[0]);
    expect(await map.locator(".map-chunk").count()).toBe(count);
  });

  test("the rows of a long answer stay within bounds", async () => {
    const chat = await setting.open();
    await chat.askToTheEnd(`Repeat: ${"word ".repeat(5000)}`);
    await chat.rows.last().getByText("The end").waitFor();
    expect(await chat.page.locator("#network :is(.chunk, .value)").count()).toBeLessThan(2000);
    // What lies in the middle is counted; the beginning and the end are there.
    expect(await chat.page.locator(".wire-row.gap").textContent()).toMatch(/^[\d,]+ chunks not shown$/);
    expect(await chat.rows.first().textContent()).toContain("start");
    expect(await chat.rows.last().textContent()).toBe("The endend complete [DONE] was there");
    expect(await chat.rows.locator(".value[data-kind=finish]").count()).toBe(1);
  });

  test("the rows of a long answer are no wider than a narrow page", async () => {
    const chat = await setting.open({ viewport: { width: 390, height: 800 } });
    await chat.askToTheEnd(`Repeat: ${"word ".repeat(5000)}`);
    await chat.page.getByRole("button", { name: "Network" }).click();
    await chat.rows.last().getByText("The end").waitFor();
    expect(await chat.page.locator("#network").evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(390);
  });

  test("the panel counts the chunks that parse by themselves", async () => {
    const chat = await setting.openSlow();
    await chat.choose("As sent");
    await chat.askToTheEnd("Repeat: one two three four five six");
    expect(await chat.page.locator("#chunk-count").innerText()).toMatch(/; [1-9]\d* parses? by itself$/);
  });

  test("the first error of a long answer stays in its rows, and comes into view", async () => {
    const chat = await setting.open();
    await chat.choose("Malformed event");
    expect(await chat.askToTheEnd(`Repeat: ${"word ".repeat(5000)}`)).toMatch(/^Not whole/);
    await chat.rows.last().getByText("The end").waitFor();
    await until(async () => {
      const { y = -1, height = 0 } = (await chat.rows.locator(".value[data-kind=error]").first().boundingBox()) ?? {};
      return y > 0 && y + height < 800;
    });
  });

  test("a suggestion asks at once", async () => {
    const chat = await setting.open();
    await chat.page.getByRole("button", { name: "Greet me in ten languages" }).click();
    await chat.verdict.waitFor();
    expect(await chat.answer.locator("li").count()).toBe(11);
    expect(await chat.page.locator("#welcome").isVisible()).toBe(false);
  });
});
