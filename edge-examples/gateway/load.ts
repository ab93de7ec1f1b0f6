import { request as httpRequest, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chat } from "sluice/chat";
import { FAULTS_HEADER, type Fault } from "../chat/faults.ts";
import { answerTo } from "../chat/upstream/answers.ts";
import { type Sent, startUpstream } from "../chat/upstream/server.ts";
import { Heap } from "./load/heap.ts";
import { WorkerdProcess } from "./load/process.ts";
import { serveGateway } from "./serve.ts";
import type { Upstream } from "./worker/env.ts";

/**
 * `npm run load`: many simultaneous streams through the gateway in workerd, over real HTTP. A fifth of the clients leaves in the
 * middle, a tenth of the upstreams fails. Prints a line per round, and fails when a client got the wrong outcome, the log says
 * otherwise, an abandoned upstream goes on, or memory does not return to where it was: what the gateway holds once its garbage is
 * collected. The memory of the process is printed beside it.
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
/** So much more than before the load the gateway may hold after it: V8 goes on compiling what is often run. */
const MARGIN = 512 * 1024; // a whole run leaves 240 streams: not 2 kB for each
// V8 fills its heap before it tidies up. With a small one what leaks ends the process.
process.env["MINIFLARE_WORKERD_V8_FLAGS"] ??= "--max-old-space-size=48";

/** Of the columns. */
const WIDTHS = [6, 7, 7, 14, 16, 9, 11, 9, 9];

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
  isInspected: true,
  onLog(line) {
    if (!line.startsWith("{")) return console.error(line);
    const { id, outcome } = JSON.parse(line);
    outcomes.set(id, outcome);
  },
});

const problems: string[] = [];
const workerd = new WorkerdProcess();
const heap = await Heap.open(gateway.inspector ?? "", poke);
console.log(`${STREAMS} streams at once, ${ROUNDS} rounds; ${describeRoles()}`);
printRow("round", "right", "wrong", "most at once", "upstreams left", "sockets", "live heap", "process", "seconds");
const roles = [WHOLE, ...LEAVING, ...FAILING];
await Promise.all(roles.map((role) => be(role, "before the load"))); // what is compiled and cached once is there now
const before = await heap.live();
printRow("before", "", "", "", "", ...resources(before), "");
let live = before;
for (let round = 1; round <= ROUNDS; round++) live = await play(round);

heap.close();
await gateway.close();
await upstream.close();
if (live > before + MARGIN) problems.push(`the gateway held ${kilobytes(before)}, and now holds ${kilobytes(live)}`);
for (const problem of problems.slice(0, 20)) console.log(`wrong: ${problem}`);
console.log(
  problems.length === 0
    ? "every client got the right outcome, nothing was left, and memory returned to where it was"
    : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @returns how many bytes the gateway holds when all is over */
async function play(round: number): Promise<number> {
  const began = performance.now();
  const problemsBefore = problems.length;
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
  await setTimeout(2000); // connections close
  const held = await heap.live();
  const wrong = problems.length - problemsBefore;
  printRow(round, STREAMS - wrong, wrong, most, left, ...resources(held), seconds);
  return held;
}

/** The sockets and the memory of workerd, as columns; what the gateway's own isolate holds was measured before. */
function resources(held: number): string[] {
  return [`${workerd.sockets ?? "?"}`, kilobytes(held), `${workerd.megabytes ?? "?"} MB`];
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
  return send("POST", "/v1/chat/completions", body);
}

async function poke(): Promise<void> {
  const response = await send("GET", "/v1/models");
  for await (const _ of response); // to its end
}

/** On a connection of its own. */
function send(method: string, path: string, body?: string): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    httpRequest(gateway.url + path, { method, agent: false, headers }, resolve)
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

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024)} kB`;
}

function printRow(...cells: readonly unknown[]): void {
  console.log(cells.map((cell, column) => String(cell).padStart(WIDTHS[column] ?? 0)).join(""));
}
