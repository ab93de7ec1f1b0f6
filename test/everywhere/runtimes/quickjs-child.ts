// Runs a script in QuickJS and writes what it gives to the standard output. The engine has jobs, but no clock: timers are here.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { getQuickJS, type QuickJSContext } from "quickjs-emscripten";

const TIMERS = `
  const timers = new Map();
  let count = 0;
  globalThis.setTimeout = (work, milliseconds = 0, ...values) => {
    timers.set(++count, { work: () => work(...values), at: Date.now() + milliseconds });
    return count;
  };
  globalThis.clearTimeout = (id) => void timers.delete(id);
  /** Runs one timer that is due. Returns how many milliseconds the next has to wait. */
  globalThis.runTimer = () => {
    const [first] = [...timers].sort(([, a], [, b]) => a.at - b.at);
    if (first === undefined) return 1;
    const [id, { work, at }] = first;
    if (at > Date.now()) return at - Date.now();
    timers.delete(id);
    work();
    return 0;
  };
  globalThis.done = "";
`;

const QuickJS = await getQuickJS();
const runtime = QuickJS.newRuntime();
runtime.setMaxStackSize(1024 * 1024);
const context = runtime.newContext();

evaluate(context, TIMERS);
evaluate(context, await readFile(process.argv[2] ?? "", "utf8"));
evaluate(
  context,
  "conformance().then((run) => (done = run), (error) => (done = JSON.stringify({ error: String(error) })))",
);
while (evaluate(context, "done") === "") {
  runtime.executePendingJobs();
  const wait = Number(evaluate(context, "runTimer()"));
  if (wait > 0) await sleep(Math.min(wait, 5));
}
console.log(evaluate(context, "done"));

/** @throws Error that the code throws, with its stack in the engine */
function evaluate(context: QuickJSContext, code: string): unknown {
  const result = context.evalCode(code);
  if (result.error) throw new Error(JSON.stringify(context.dump(result.error)));
  const handle = result.value;
  const value: unknown = context.dump(handle);
  if (handle.alive) handle.dispose(); // a promise is gone once it is dumped
  return value;
}
