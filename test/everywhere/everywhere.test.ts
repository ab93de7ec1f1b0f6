// What the command rests on: a run in the wrong runtime is noticed, and so is a run that is not the same as another.
import { describe, expect, test } from "vitest";
import type { Identity } from "../conformance/main.ts";
import { firstDifference } from "./compare.ts";
import { browsers } from "./runtimes/browsers.ts";
import { engines } from "./runtimes/engines.ts";
import { processes } from "./runtimes/processes.ts";
import { workerds } from "./runtimes/workerd.ts";

const identities: Readonly<Record<string, Identity>> = {
  "Node 20": { node: "20.20.2", process: "there" },
  "Node 22": { userAgent: "Node.js/22", node: "22.23.3", process: "there" },
  "Node 24": { userAgent: "Node.js/24", node: "24.21.0", process: "there" },
  "Node 26": { userAgent: "Node.js/26", node: "26.10.0", process: "there" },
  Bun: { userAgent: "Bun/1.4.5", node: "26.3.0", bun: "1.4.5", process: "there" },
  Deno: { userAgent: "Deno/2.9.6", node: "26.8.0", deno: "2.9.6", process: "there", window: "there" },
  workerd: { userAgent: "Cloudflare-Workers" },
  Chromium: {
    userAgent:
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
    window: "there",
    document: "there",
  },
  Firefox: {
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    window: "there",
    document: "there",
  },
  WebKit: {
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15",
    window: "there",
    document: "there",
  },
  JavaScriptCore: { engine: "JavaScriptCore", print: "there" },
};

const runtimes = [...processes, ...workerds, ...browsers, ...engines.filter(({ name }) => name === "JavaScriptCore")];

test.for(runtimes.map((runtime) => [runtime.name, runtime] as const))("%s knows itself", ([name, { version }]) => {
  const own = name.replace(/ \(.*/, "");
  for (const [other, identity] of Object.entries(identities)) {
    if (other === own) expect(version(identity)).not.toBe("");
    else expect(() => version(identity), other).toThrow(`This was not ${name}`);
  }
});

describe("two runs", () => {
  const a = { name: "a", text: "one: 1\ntwo: 2", faults: [] };
  const long = "x".repeat(200);

  test("that are the same have no difference", () => {
    expect(firstDifference(["A", [a]], ["B", [{ ...a }]])).toBeUndefined();
  });

  test("that differ are shown side by side from the line before the first that does", () => {
    const shown = firstDifference(["A", [a, a]], ["B", [a, { ...a, name: "a", text: "one: 1\ntwo: 3" }]]) ?? "";
    expect(shown.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
      "first differing case: a",
      " A | B",
      " one: 1 | one: 1",
      "≠ two: 2 | two: 3",
    ]);
  });

  test("that differ far to the right show the place", () => {
    const shown = firstDifference(["A", [{ ...a, text: `${long}1` }]], ["B", [{ ...a, text: `${long}2` }]]);
    expect(shown).toMatch(/≠ …x+1 +\| …x+2$/);
  });

  test("of which one has a case more differ there", () => {
    expect(firstDifference(["A", [a]], ["B", [a, { ...a, name: "b" }]])).toContain("first differing case: none | b");
  });
});
