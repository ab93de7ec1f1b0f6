import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Served } from "../../../../edge-examples/chat/serve.ts";
import { answerTo } from "../../../../edge-examples/chat/upstream/answers.ts";
import { startUpstream, type Upstream } from "../../../../edge-examples/chat/upstream/server.ts";
import { chromiumOfSystem, firefoxOfSystem } from "../../../support/browsers/playwright.ts";
import type { Tab } from "../../../support/browsers/tab.ts";
import { webkitOfSystem } from "../../../support/browsers/webkit.ts";
import { until } from "../../../support/http.ts";
import { startChat } from "../support.ts";
import { Cable } from "./cable.ts";
import { hostileAnswers } from "./hostile-answers.ts";
import { type Provider, startProvider } from "./provider.ts";

/** Those that browsers differ over; Chromium gets all of them. */
const HOSTILE = /^(bidirectional|huge images|links that would run|markup|100,000 nested|a line of 1 MB)/;

for (const { name, path, open } of [chromiumOfSystem, firefoxOfSystem, webkitOfSystem]) {
  const isMissing = path === undefined && process.env["CI"] === undefined;

  describe.skipIf(isMissing)(isMissing ? `the chat page: there is no ${name} here` : `the chat page in ${name}`, () => {
    let upstream: Upstream;
    let worker: Served;
    let cable: Cable;
    let provider: Provider;
    let hostile: Served;
    let tab: Tab;

    beforeAll(async () => {
      if (path === undefined) throw new Error(`${name} is missing: see .ci/run for what to install`);
      upstream = await startUpstream({ pace: 75, stall: 60_000, seed: 1 });
      worker = await startChat({
        UPSTREAM_URL: upstream.url,
        DEMO: "1",
        IDLE_DEADLINE: "1500",
        FIRST_DEADLINE: "5000",
      });
      provider = await startProvider();
      hostile = await startChat({ UPSTREAM_URL: provider.url });
      cable = new Cable(worker.url);
      await cable.plug();
      tab = await open(path);
    });
    afterAll(async () => {
      await tab?.close();
      await cable?.pull();
      await Promise.all([worker?.close(), hostile?.close()]);
      await Promise.all([upstream?.close(), provider?.close()]);
    });
    beforeEach(async () => {
      await tab.goto(cable.url);
      await isReady();
      if (await tab.evaluate<boolean>("document.querySelector('.turn') !== null")) await tab.click("#clear");
    });

    const isReady = (): Promise<void> => until(() => tab.evaluate("document.body.dataset.state === 'ready'"));
    const textOf = (selector: string): Promise<string> =>
      tab.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].at(-1)?.textContent ?? ""`);
    const markdown = (): Promise<string> => textOf(".answer .markdown");

    async function choose(fault: string): Promise<void> {
      await tab.click(`#faults input[value="${fault}"]`);
    }

    async function ask(question: string): Promise<void> {
      await tab.type("#question", question);
      await tab.press("Enter");
    }

    async function verdict(milliseconds?: number): Promise<string> {
      await until(() => tab.evaluate("document.querySelector('.turn:last-child .ending') !== null"), milliseconds);
      return textOf(".verdict");
    }

    /** Lets `alert` tell whether it was called. */
    const watch = (): Promise<void> => tab.evaluate("void (globalThis.alert = () => { globalThis.hasRun = true; })");

    async function expectHarmless(): Promise<void> {
      const found =
        "document.querySelectorAll('.section :is(img, script, iframe, form, svg, style, [style], [id], [onclick])').length";
      expect(await tab.evaluate(found)).toBe(0);
      expect(await tab.evaluate("document.querySelectorAll('.markdown a[href]:not([href^=http])').length")).toBe(0);
      expect(await tab.evaluate("globalThis.hasRun === true")).toBe(false);
      const loaded = `performance.getEntriesByType("resource").filter(({ name }) => !name.startsWith(location.origin)).length`;
      expect(await tab.evaluate(loaded)).toBe(0);
    }

    test("asks, streams, and says that the answer was whole", async () => {
      await ask("Greet me in ten languages");
      await until(async () => (await markdown()).length > 50);
      expect(upstream.sent.at(-1)?.state).toBe("sending"); // it was shown while it came
      expect(await textOf("#status")).toBe("Answering…");
      expect(await verdict()).toBe("Whole: [DONE] arrived.");
      expect(await textOf("#status")).toBe("Whole: [DONE] arrived.");
      expect(await tab.evaluate("document.querySelectorAll('.markdown li').length")).toBe(11);
      expect(await markdown()).toContain("مرحبًا! هل وصل كل شيء كاملًا؟");
    });

    test("Stop keeps what came and reaches the upstream, by button and by Escape", async () => {
      for (const stop of [() => tab.click("#stop"), () => tab.press("Escape")]) {
        await ask("What is sluice?");
        await until(async () => (await markdown()).length > 30);
        await stop();
        expect(await verdict()).toMatch(/^Stopped/);
        expect((await markdown()).length).toBeGreaterThan(30);
        await until(() => upstream.sent.at(-1)?.state === "left");
        await tab.click("#clear");
      }
    });

    test("a reload in mid-answer keeps what had come, and goes on from there", async () => {
      await ask("Which stages are there?");
      await until(async () => (await markdown()).length > 80);
      await tab.reload();
      await isReady();
      expect(await verdict()).toMatch(/^(Interrupted|Cut off)/);
      expect((await markdown()).length).toBeGreaterThan(80);
      await tab.click(".continue");
      expect(await verdict()).toMatch(/^Whole/);
      expect(await tab.evaluate("document.querySelectorAll('.markdown tbody tr').length")).toBe(4);
      await tab.reload();
      await isReady();
      expect(await verdict()).toMatch(/^Whole/);
    });

    const question = "Repeat: Grüße aus 水, and some words more so that there is a middle.";

    test.each<[faults: string, verdict: RegExp]>([
      ["cut-anywhere", /^Whole/],
      ["one-byte + crlf + noise + control-characters + split-json", /^Whole/],
      ["split-characters + control-characters", /^Whole/],
      ["malformed", /^Not whole: one event was malformed/],
      ["error", /^Failed: The demo upstream was asked to fail/],
      ["early-end", /^Cut off: the connection ended without/],
      ["cut", /^Cut off: the Worker’s connection to the provider broke/],
      ["stall", /^Stalled: nothing came for 1\.5 s/],
      ["length", /^Not finished: the model stopped at its length limit/],
      ["filter", /^Filtered/],
    ])("%s", async (faults, expected) => {
      for (const fault of faults.split(" + ")) await choose(fault);
      await ask(question);
      expect(await verdict()).toMatch(expected);
      const text = (await markdown()).trimEnd();
      if (expected.source === "^Whole") expect(text).toBe(answerTo(question));
      else expect(text).toMatch(/^Grüße aus/);
    });

    test("offline in mid-answer is no end: it says so, and goes on when the network is back", async () => {
      await ask("Which stages are there?");
      await until(async () => (await markdown()).length > 80);
      await cable.pull();
      expect(await verdict()).toMatch(/^Cut off: this page’s connection broke/);
      await tab.click(".retry");
      expect(await verdict()).toMatch(/^Cut off: this page’s connection broke/); // there is still none
      await cable.plug();
      await tab.click(".retry");
      expect(await verdict()).toMatch(/^Whole/);
      expect(await tab.evaluate("document.querySelectorAll('.markdown tbody tr').length")).toBe(4);
    });

    test("a network that goes dead without a word is found out by the deadline", async () => {
      await ask("Which stages are there?");
      await until(async () => (await markdown()).length > 80);
      cable.freeze();
      expect(await verdict()).toMatch(/^Stalled: nothing came for 1\.5 s/);
      await cable.pull();
      await cable.plug();
      await tab.click(".continue");
      expect(await verdict()).toMatch(/^Whole/);
    });

    test("so is one that was dead before the question", async () => {
      cable.freeze();
      await ask("Which stages are there?");
      expect(await verdict()).toMatch(/^Stalled: nothing came for/);
      await cable.pull();
      await cable.plug();
      await tab.click(".retry");
      expect(await verdict()).toMatch(/^Whole/);
    });

    test("what the model writes runs nothing and loads nothing", async () => {
      await watch();
      await ask("Attack this page");
      expect(await verdict()).toMatch(/^Whole/);
      await expectHarmless();
      expect(await markdown()).toContain('<script>alert("script")</script>');
    });

    test.each(hostileAnswers(20_000).filter(([about]) => HOSTILE.test(about)))(
      "%s: it is shown, does nothing, and the page goes on",
      async (_, text) => {
        provider.text = text;
        await tab.goto(hostile.url);
        await isReady();
        if (await tab.evaluate<boolean>("document.querySelector('.turn') !== null")) await tab.click("#clear");
        await watch();
        await ask("hi");
        expect(await verdict(60_000)).toMatch(/^Whole/);
        const shown = await markdown();
        expect(shown.length).toBeGreaterThan(text.length / 50);
        expect(shown).not.toMatch(/[\u202a-\u202e]/);
        await expectHarmless();
        provider.text = "still here";
        await ask("hi");
        expect(await verdict()).toMatch(/^Whole/);
        expect((await markdown()).trim()).toBe("still here");
      },
      90_000,
    );
  });
}
