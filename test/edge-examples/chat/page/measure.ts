// npm run measure:page -- [chromium] [firefox] [webkit] [megabyte] [hostile] [seconds]: how the page bears a megabyte at 2,000
// tokens a second (or as much of it as comes in so many seconds), and answers that mean no good. Figures, no verdict. Beside
// how long the page could do nothing else stands how much of it was work: on a busy machine much is waiting for a processor.
import { availableParallelism, cpus, loadavg } from "node:os";
import { plainChromium, plainFirefox } from "../../../support/browsers/plain.ts";
import type { BrowserOfThree, Tab } from "../../../support/browsers/tab.ts";
import { webkitOfSystem } from "../../../support/browsers/webkit.ts";
import { until } from "../../../support/http.ts";
import { startChat } from "../support.ts";
import { startElsewhere } from "./elsewhere.ts";
import { hostileAnswers } from "./hostile-answers.ts";
import { MainThreads, type Stretch } from "./main-threads.ts";
import { startProvider } from "./provider.ts";

const PACE = 2000; // tokens per second
const HOSTILE_SIZE = 200_000;
const LONG = 100; // milliseconds

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1)); // what runs ends with it

const words = process.argv.slice(2);
const seconds = Number(words.find((word) => /^\d+$/.test(word)) ?? Infinity);
/** Those of a list that are named on the command line; all when none is. */
const chosen = <T extends { name: string }>(list: readonly T[]): readonly T[] => {
  const named = list.filter(({ name }) => words.includes(name.toLowerCase()));
  return named.length > 0 ? named : list;
};

const measures = chosen([
  { name: "megabyte", measure: measureMegabyte },
  { name: "hostile", measure: measureHostile },
]);
console.log(`${availableParallelism()} cores, ${cpus()[0]?.model}`);
for (const browser of chosen([plainChromium, plainFirefox, webkitOfSystem])) {
  for (const { measure } of measures) await withTab(browser, measure);
}

async function withTab({ name, path, open }: BrowserOfThree, measure: (tab: Tab) => Promise<void>): Promise<void> {
  if (path === undefined) return console.log(`\n${name}: there is none here`);
  console.log(`\n${name}, load before ${load()}`);
  const tab = await open(path);
  try {
    await measure(tab);
  } finally {
    await tab.close();
    console.log(`  load after ${load()}`);
  }
}

async function measureMegabyte(tab: Tab): Promise<void> {
  const worker = await startElsewhere(PACE);
  try {
    await begin(tab, worker.url);
    const threads = MainThreads.watch();
    await tab.type("#question", "A very long answer");
    const began = Date.now();
    await tab.press("Enter");
    if (seconds < Infinity) {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      await tab.press("Escape");
    }
    await ended(tab, 15 * 60_000);
    const { gaps, tasks, hasTasks, added, removed } = await watched(tab);
    threads?.stop();
    const nodes = await tab.evaluate<number>("document.querySelectorAll('.markdown *').length");
    const length = await tab.evaluate<number>("document.querySelector('.markdown').textContent.length");
    console.log(`  ${await tab.evaluate<string>("document.querySelector('.verdict').textContent")}`);
    console.log(
      `  ${length.toLocaleString("en")} characters shown, ${await tab.evaluate<string>("document.querySelector('.measures').textContent")}`,
    );
    if (hasTasks) console.log(`  long tasks: ${told(tasks, threads, began)}`);
    console.log(`  gaps between tasks: ${told(gaps, threads, began)}`);
    if (threads !== undefined) {
      const { worked, waited } = threads.whole;
      console.log(`  the main thread worked for ${inSeconds(worked)}, and waited ${inSeconds(waited)} for a processor`);
    }
    console.log(`  elements in the answer: ${nodes}; nodes added on the way ${added}, taken away ${removed}`);
  } finally {
    await worker.close();
  }
}

async function measureHostile(tab: Tab): Promise<void> {
  console.log(
    `  answers of ${HOSTILE_SIZE.toLocaleString("en")} characters at once; how long the page could do nothing else:`,
  );
  const provider = await startProvider();
  const worker = await startChat({ UPSTREAM_URL: provider.url });
  try {
    for (const [name, text] of hostileAnswers(HOSTILE_SIZE)) {
      provider.text = text;
      await tab.evaluate("sessionStorage.clear()").catch(() => undefined);
      await begin(tab, worker.url);
      const threads = MainThreads.watch();
      await tab.type("#question", "hi");
      const began = Date.now();
      await tab.press("Enter");
      await ended(tab, 60_000);
      const { tasks, gaps } = await watched(tab);
      threads?.stop();
      const verdict = await tab.evaluate<string>("document.querySelector('.verdict').textContent");
      console.log(
        `  ${name.padEnd(34)}${verdict.split(":")[0]?.padEnd(7)}${told([...tasks, ...gaps], threads, began)}`,
      );
      await tab.evaluate("document.getElementById('clear').click()");
    }
  } finally {
    await worker.close();
    await provider.close();
  }
}

interface Watched {
  /** Between two tasks, timers that should come at once or frames that are drawn: what is over 50 ms. */
  gaps: Stretch[];
  /** Tasks over 50 ms, where the browser tells. */
  tasks: Stretch[];
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
      for (const { startTime, duration } of list.getEntries()) watched.tasks.push({ at: performance.timeOrigin + startTime, duration });
    }).observe({ type: "longtask" });
    let last = performance.now();
    const beat = () => {
      const now = performance.now();
      if (now - last > 50) watched.gaps.push({ at: performance.timeOrigin + last, duration: now - last });
      last = now;
    };
    setInterval(beat, 5);
    const draw = requestAnimationFrame;
    globalThis.requestAnimationFrame = (work) => draw((time) => (beat(), work(time)));
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

/** Such as "12 over 50 ms, 3 over 100 ms, longest 140 ms; of work 1 over 100 ms, longest 104 ms (at 95.2 s)". */
function told(stretches: readonly Stretch[], threads: MainThreads | undefined, began: number): string {
  const told = (time: (stretch: Stretch) => number): string => {
    const longest = Math.round(Math.max(0, ...stretches.map(time)));
    const over = stretches.filter((stretch) => time(stretch) > LONG);
    const when = over.map(({ at }) => inSeconds(at - began)).join(", ");
    return `${over.length} over ${LONG} ms, longest ${longest} ms${when && ` (at ${when})`}`;
  };
  const lasted = `${stretches.length} over 50 ms, ${told(({ duration }) => duration)}`;
  return threads === undefined ? lasted : `${lasted}; of work ${told((stretch) => threads.worked(stretch))}`;
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function load(): string {
  return loadavg()[0]?.toFixed(1) ?? "unknown";
}
