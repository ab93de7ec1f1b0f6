import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { chat } from "sluice/chat";
import { afterEach, expect, test } from "vitest";
import { answerTo } from "../../../edge-examples/chat/upstream/answers.ts";
import { startServer, until } from "../../support/http.ts";
import { post } from "./support.ts";

const START = fileURLToPath(new URL("../../../edge-examples/chat/start.ts", import.meta.url));

interface Started {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function start(env: Record<string, string>): Started {
  const { TOGETHER_API_KEY: _, UPSTREAM_URL: __, UPSTREAM_API_KEY: ___, MODEL: ____, ...rest } = process.env;
  const child = spawn(process.execPath, [START], { env: { ...rest, ...env } });
  running.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (output += String(part)));
  return { child, output: () => output, exit: new Promise((resolve) => child.once("exit", resolve)) };
}

async function urlOf({ output, child }: Started): Promise<string> {
  await until(() => /http:\/\/\S+/.test(output()) || child.exitCode !== null, 20_000);
  const url = /http:\/\/\S+/.exec(output())?.[0];
  if (url === undefined) throw new Error(`It did not start: ${output()}`);
  return url;
}

/** The processes that a process has started. Linux tells; elsewhere there is nothing to see. */
function childrenOf(pid: number | undefined): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return new RegExp(`\\) \\S ${pid} `).test(readFileSync(`/proc/${name}/stat`, "utf8"));
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("without a key it starts the demo, says so, answers, and ends without leaving anything behind", async () => {
  const started = start({ PORT: "0" });
  const url = await urlOf(started);
  expect(started.output()).toContain("embedded demo");

  const { text, outcome } = await chat(post(url, "Repeat: hi there", { faults: ["one-byte"] })).message();
  expect(text).toBe(answerTo("Repeat: hi there"));
  expect(outcome).toBe("complete");
  await until(() => started.output().includes('"outcome":"complete"')); // the Worker's log

  const children = childrenOf(started.child.pid);
  if (process.platform === "linux") expect(children).not.toEqual([]);
  started.child.kill("SIGTERM");
  expect(await started.exit).toBe(0);
  await until(() => !children.some(isAlive));
});

test("with a provider it uses that one, and its key shows nowhere", async () => {
  const key = "sk-secret-77aa31";
  let authorization: string | undefined;
  const provider = await startServer((request, response) => {
    authorization = request.headers.authorization;
    response.writeHead(500, { "content-type": "application/json" }).end(`{"error":{"message":"no ${authorization}"}}`);
  });
  const started = start({ PORT: "0", UPSTREAM_URL: `${provider.url}/v1`, UPSTREAM_API_KEY: key, MODEL: "some-model" });
  const url = await urlOf(started);
  const answer = await (await post(url, "hi")).text();
  const about = await (await fetch(`${url}/api/about`)).text();

  expect(authorization).toBe(`Bearer ${key}`);
  expect(JSON.parse(about)).toMatchObject({ model: "some-model", demo: false });
  started.child.kill("SIGINT");
  expect(await started.exit).toBe(0);
  expect(started.output()).toContain("some-model");
  expect(started.output() + answer + about).not.toContain(key);
  await provider.close();
});

test("a port that is taken, and one that is none, are said clearly", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await until(() => taken.listening);
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";

  const first = start({ PORT: port });
  expect(await first.exit).toBe(1);
  expect(first.output()).toContain(`Port ${port} is taken`);
  expect(first.output()).not.toContain("    at ");
  taken.close();

  const second = start({ PORT: "eight" });
  expect(await second.exit).toBe(1);
  expect(second.output()).toContain("PORT must be a number");
});
