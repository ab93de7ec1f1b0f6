// npm run measure:page -- [chromium] [firefox] [webkit] [hostile] [seconds]: how the page bears a megabyte at 2,000 tokens a
// second (or as much of it as comes in so many seconds), and answers that mean no good. Figures, no verdict; those of a busy
// machine are those of a busy machine.
import { availableParallelism, loadavg } from "node:os";
import { startUpstream } from "../../../../edge-examples/chat/upstream/server.ts";
import { chromiumOfSystem, firefoxOfSystem } from "../../../support/browsers/playwright.ts";
import type { BrowserOfThree, Tab } from "../../../support/browsers/tab.ts";
import { webkitOfSystem } from "../../../support/browsers/webkit.ts";
import { startServer, until } from "../../../support/http.ts";
import { startChat } from "../support.ts";
import { hostileAnswers } from "./hostile-answers.ts";

const PACE = 2000; // tokens per second
const HOSTILE_SIZE = 200_000;

const seconds = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? Infinity);
const wanted = process.argv.slice(2).filter((argument) => !/^\d+$/.test(argument));
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name.toLowerCase());

console.log(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
for (const browser of [chromiumOfSystem, firefoxOfSystem, webkitOfSystem]) {
  if (isWanted(browser.name)) await withTab(browser, measureMegabyte);
}
if (isWanted("hostile")) await withTab(chromiumOfSystem, measureHostile);

async function withTab({ name, path, open }: BrowserOfThree, measure: (tab: Tab) => Promise<void>): Promise<void> {
  if (path === undefined) return console.log(`\n${name}: there is none here`);
  console.log(`\n${name}`);
  const tab = await open(path);
  try {
    await measure(tab);
  } finally {
    await tab.close();
  }
}

async function measureMegabyte(tab: Tab): Promise<void> {
  const upstream = await startUpstream({ pace: PACE, seed: 1 });
  const worker = await startChat({ UPSTREAM_URL: upstream.url, DEMO: "1" });
  try {
    await begin(tab, worker.url);
    await tab.type("#question", "A very long answer");
    await tab.press("Enter");
    if (seconds < Infinity) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      await tab.press("Escape");
    }
    await ended(tab, 15 * 60_000);
    const { gaps, tasks, hasTasks, added, removed } = await watched(tab);
    const nodes = await tab.evaluate<number>("document.querySelectorAll('.markdown *').length");
    const length = await tab.evaluate<number>("document.querySelector('.markdown').textContent.length");
    console.log(`  ${await tab.evaluate<string>("document.querySelector('.verdict').textContent")}`);
    console.log(
      `  ${length.toLocaleString("en")} characters shown, ${await tab.evaluate<string>("document.querySelector('.measures').textContent")}`,
    );
    if (hasTasks)
      console.log(
        `  long tasks (over 50 ms): ${tasks.length}; over 100 ms: ${over(tasks, 100)}; longest ${longest(tasks)} ms`,
      );
    console.log(`  gaps between timers: longest ${longest(gaps)} ms; over 100 ms: ${over(gaps, 100)}`);
    console.log(`  elements in the answer: ${nodes}; nodes added on the way ${added}, taken away ${removed}`);
  } finally {
    await worker.close();
    await upstream.close();
  }
}

async function measureHostile(tab: Tab): Promise<void> {
  console.log(
    `  answers of ${HOSTILE_SIZE.toLocaleString("en")} characters at once; the longest time in which the page could do nothing else:`,
  );
  let text = "";
  const provider = await startServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let at = 0; at < text.length; at += 1000) {
      const choices = [{ index: 0, delta: { content: text.slice(at, at + 1000) } }];
      response.write(`data: ${JSON.stringify({ choices })}\n\n`);
    }
    response.end("data: [DONE]\n\n");
  });
  const worker = await startChat({ UPSTREAM_URL: provider.url });
  try {
    const quotes: [string, string] = ["100,000 nested quotes", ">".repeat(100_000)];
    const line: [string, string] = ["a line of 1 MB", "word ".repeat(200_000)];
    for (const [name, hostile] of [...hostileAnswers(HOSTILE_SIZE), quotes, line]) {
      text = hostile;
      await tab.evaluate("sessionStorage.clear()").catch(() => undefined);
      await begin(tab, worker.url);
      await tab.type("#question", "hi");
      await tab.press("Enter");
      await ended(tab, 60_000);
      const { tasks, gaps } = await watched(tab);
      console.log(`  ${name.padEnd(36)}${String(longest([...tasks, ...gaps])).padStart(6)} ms`);
      await tab.evaluate("document.getElementById('clear').click()");
    }
  } finally {
    await worker.close();
    await provider.close();
  }
}

interface Watched {
  /** Milliseconds between timers that should come at once. */
  gaps: number[];
  /** Milliseconds of tasks over 50, where the browser tells. */
  tasks: number[];
  hasTasks: boolean;
  added: number;
  removed: number;
}

async function begin(tab: Tab, url: string): Promise<void> {
  await tab.goto(url);
  await until(() => tab.evaluate("document.body.dataset.state === 'ready'"));
  await tab.evaluate(`void (() => {
    const watched = (globalThis.watched = { gaps: [], tasks: [], hasTasks: false, added: 0, removed: 0 });
    watched.hasTasks = PerformanceObserver.supportedEntryTypes.includes("longtask");
    if (watched.hasTasks) new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.tasks.push(duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      if (now - last > 50) watched.gaps.push(now - last);
      last = now;
    }, 5);
    new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        watched.added += addedNodes.length;
        watched.removed += removedNodes.length;
      }
    }).observe(document.getElementById("turns"), { subtree: true, childList: true });
  })()`);
}

async function ended(tab: Tab, milliseconds: number): Promise<void> {
  const isEnded = (): Promise<boolean> => tab.evaluate("document.querySelector('.ending') !== null");
  const end = performance.now() + milliseconds;
  while (!(await isEnded())) {
    if (performance.now() > end) throw new Error(`No verdict after ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 500)); // seldom: asking is work for the page, too
  }
}

function watched(tab: Tab): Promise<Watched> {
  return tab.evaluate<Watched>("globalThis.watched");
}

function longest(times: readonly number[]): number {
  return Math.round(Math.max(0, ...times));
}

function over(times: readonly number[], limit: number): number {
  return times.filter((time) => time > limit).length;
}
