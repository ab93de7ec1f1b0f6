import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chat } from "sluice/chat";
import { FAULTS_HEADER, type Fault } from "../chat/faults.ts";
import { answerTo } from "../chat/upstream/answers.ts";
import { type Sent, startUpstream } from "../chat/upstream/server.ts";
import { serveGateway } from "./serve.ts";
import type { Upstream } from "./worker/env.ts";

/**
 * `npm run load`: many simultaneous streams through the gateway in workerd, over real HTTP. A fifth of the clients leaves in the
 * middle, a tenth of the upstreams fails. Prints a line per round, and fails when a client got the wrong outcome, the log says
 * otherwise, an abandoned upstream goes on, or memory grows from round to round.
 */

const { values } = parseArgs({
  options: { streams: { type: "string", default: "200" }, rounds: { type: "string", default: "6" } },
});
const STREAMS = Number(values.streams);
const ROUNDS = Number(values.rounds);

const TOKEN = "load-0123456789abcdef";
const TOKENS_PER_SECOND = 8;
const QUESTION = questionOf(40);
const ANSWER = answerTo(QUESTION);
/** So long that nobody who leaves can come too late. */
const LONG_QUESTION = questionOf(1000);
/** Memory must stand still in the second half of the rounds, but for this. */
const GROWTH = 1.15;
// V8 fills its heap before it tidies up. With a small one what leaks shows soon, and ends the process.
process.env["MINIFLARE_WORKERD_V8_FLAGS"] ??= "--max-old-space-size=48";

/** What a client does, what its upstream does, and how it must end: for the client, and in the log. */
interface Role {
  name: string;
  fault?: Fault;
  leavesAfter?: number; // deltas
  code?: string; // of the error that the client gets
  logged: string;
}

const WHOLE: Role = { name: "whole", logged: "complete" };
const LEAVING: readonly Role[] = [
  { name: "leaves early", leavesAfter: 5, logged: "aborted" },
  { name: "leaves late", leavesAfter: 30, logged: "aborted" },
  { name: "leaves in a silence", fault: "stall", leavesAfter: 25, logged: "aborted" }, // with the last before it
];
const FAILING: readonly Role[] = [
  { name: "cut", fault: "cut", code: "upstream_truncated", logged: "truncated" },
  { name: "ends early", fault: "early-end", code: "upstream_truncated", logged: "truncated" },
  { name: "says an error", fault: "error", code: "demo_failure", logged: "error" },
  { name: "stalls", fault: "stall", code: "upstream_stalled", logged: "stalled" },
];

function questionOf(words: number): string {
  return `Repeat: ${Array.from({ length: words }, (_, index) => `word${index}`).join(" ")}`;
}

function roleOf(index: number): Role {
  const turn = Math.floor(index / 10);
  if (index % 10 === 9) return FAILING[turn % FAILING.length] ?? WHOLE;
  return index % 5 === 1 ? (LEAVING[turn % LEAVING.length] ?? WHOLE) : WHOLE;
}

const upstream = await startUpstream({ pace: TOKENS_PER_SECOND, stall: 600_000 });
const url = upstream.url.replace(/\/chat\/completions$/, "");
const names = ["good", ...new Set([...LEAVING, ...FAILING].flatMap(({ fault }) => fault ?? []))];
const upstreams = Object.fromEntries(
  names.map((name): [string, Upstream] => [
    name,
    name === "good" ? { url } : { url, headers: { [FAULTS_HEADER]: name } },
  ]),
);
const outcomes = new Map<unknown, string>();
const gateway = await serveGateway({
  port: 0,
  bindings: {
    UPSTREAMS: upstreams,
    MODELS: Object.fromEntries(names.map((name) => [name, { upstream: name }])),
    CALLERS: `load:${TOKEN}`,
    HEARTBEAT_SECONDS: 1,
    IDLE_SECONDS: 8, // a machine that is busy is no upstream that stalls
  },
  onLog(line) {
    if (!line.startsWith("{")) return console.error(line);
    const { id, outcome } = JSON.parse(line);
    outcomes.set(id, outcome);
  },
});

const problems: string[] = [];
const rests: number[] = [];
const pid = workerdPid();
console.log(`${STREAMS} streams at once, ${ROUNDS} rounds; ${describeRoles()}`);
console.log("round   right  wrong  most at once  upstreams left  sockets of workerd   its memory     seconds");
console.log(`before  ${" ".repeat(43)}${column(sockets(), 20)}${column(`${megabytes()} MB`, 13)}`);
for (let round = 1; round <= ROUNDS; round++) await play(round);

await gateway.close();
await upstream.close();
const middle = Math.ceil(ROUNDS / 2);
const [settled = 0, last = 0] = [rests[middle], rests.at(-1)];
if (ROUNDS > 4 && last > settled * GROWTH) problems.push(`memory went on growing: ${settled} MB, then ${last} MB`);
for (const problem of problems.slice(0, 20)) console.log(`wrong: ${problem}`);
console.log(
  problems.length === 0 ? "every client got the right outcome, and nothing was left" : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

async function play(round: number): Promise<void> {
  const began = performance.now();
  const before = problems.length;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, open().length);
  }, 50);
  await Promise.all(
    Array.from({ length: STREAMS }, (_, index) => be(roleOf(index), `round ${round}, client ${index}`)),
  );
  await within(10_000, () => open().length === 0);
  clearInterval(watch);
  const left = open().length;
  if (left > 0) problems.push(`round ${round}: ${left} upstreams were left`);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  await setTimeout(2000); // connections close, garbage is collected
  rests.push(megabytes());
  const wrong = problems.length - before;
  console.log(
    `${column(round, 5)}${column(STREAMS - wrong, 8)}${column(wrong, 7)}${column(most, 14)}${column(left, 16)}${column(sockets(), 20)}${column(`${megabytes()} MB`, 13)}${column(seconds, 12)}`,
  );
}

/** Plays a client, and checks what it got. */
async function be(role: Role, who: string): Promise<void> {
  const wrong = (what: string): unknown => problems.push(`${who} (${role.name}): ${what}`);
  const response = await ask(
    role.fault ?? "good",
    role.logged === "aborted" && role.fault === undefined ? LONG_QUESTION : QUESTION,
  );
  if (response.statusCode !== 200) wrong(`HTTP ${response.statusCode}`);
  if (role.leavesAfter === undefined) {
    const { outcome, text, errors } = await chat(response).message();
    const codes = errors.map(({ code }) => code);
    const isRight = role.code === undefined ? outcome === "complete" : outcome === "error" && codes.includes(role.code);
    if (!isRight) wrong(`${outcome} ${codes}`);
    if (role.code === undefined ? text !== ANSWER : !ANSWER.startsWith(text) || text === "") wrong("another text");
  } else {
    let deltas = 0;
    for await (const delta of chat(response)) {
      if (delta.type === "end") wrong(`ended before it could leave: ${delta.outcome}`);
      deltas += 1;
      if (deltas === role.leavesAfter) break;
    }
  }
  const id = response.headers["x-request-id"];
  await within(10_000, () => outcomes.has(id));
  if (outcomes.get(id) !== role.logged) wrong(`the log says ${outcomes.get(id)}`);
}

function ask(model: string, question: string): Promise<IncomingMessage> {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: "user", content: question }] });
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    httpRequest(`${gateway.url}/v1/chat/completions`, { method: "POST", agent: false, headers }, resolve)
      .on("error", reject)
      .end(body);
  });
}

function open(): Sent[] {
  return upstream.sent.filter(({ state }) => state === "sending" || state === "stalling");
}

async function within(milliseconds: number, condition: () => boolean): Promise<void> {
  for (const end = performance.now() + milliseconds; !condition() && performance.now() < end; ) await setTimeout(20);
}

function describeRoles(): string {
  const counts = new Map<string, number>();
  for (let index = 0; index < STREAMS; index++) {
    const { name } = roleOf(index);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}

/** workerd, which miniflare has started; undefined where there is no /proc to look into. */
function workerdPid(): number | undefined {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((each) => statOf(each).startsWith(`(workerd) `) && statOf(each).split(" ")[2] === String(process.pid));
  } catch {
    return undefined;
  }
}

/** `(name) state parent …` of a process. */
function statOf(each: number): string {
  try {
    const stat = readFileSync(`/proc/${each}/stat`, "utf8");
    return stat.slice(stat.indexOf("("));
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** Of workerd's memory that is resident; 0 where it cannot be known. */
function megabytes(): number {
  if (pid === undefined) return 0;
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function sockets(): number {
  if (pid === undefined) return 0;
  return readdirSync(`/proc/${pid}/fd`).filter((name) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${name}`).startsWith("socket:");
    } catch {
      return false; // closed meanwhile
    }
  }).length;
}

function column(value: unknown, width: number): string {
  return String(value).padStart(width);
}
