import { chat, chunk, DONE, event, stop } from "../chat/helpers.ts";

const text = event({ choices: [{ index: 0, delta: { content: "ab" } }] });
const part = event({
  choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: "abcdefghij" } }] } }],
});
const opened = chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: '{"x":"' } }] });
const closed = chunk({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] }) + stop("tool_calls") + DONE;

const SHAPES: readonly { name: string; size: number; source: (size: number) => Iterable<string> }[] = [
  { name: "deltas of text", size: 1_000_000, source: (size) => repeated(text, size, "", stop() + DONE) },
  {
    name: "deltas of 10 characters of one tool call",
    size: 1_000_000,
    source: (size) => repeated(part, size, opened, closed),
  },
  { name: "characters of one event, 16 to a chunk", size: 16_000_000, source: cutEvent },
];

/** Prints the time per unit at each doubling: a straight line stays where it is. */
export async function printDoublings(): Promise<void> {
  for (const { name, size, source } of SHAPES) {
    await chat(source(size / 8)).message(); // warm
    console.log(`\n${name}`);
    for (let count = size / 8; count <= size; count *= 2) {
      const began = performance.now();
      await chat(source(count)).message();
      const ms = performance.now() - began;
      console.log(
        `${String(count).padStart(12)} ${ms.toFixed(0).padStart(8)} ms ${((ms * 1e6) / count).toFixed(0).padStart(8)} ns each`,
      );
    }
  }
}

function* repeated(piece: string, times: number, before: string, after: string): Generator<string> {
  yield before;
  const batch = piece.repeat(100);
  for (let count = 0; count < times; count += 100) yield batch;
  yield after;
}

function* cutEvent(size: number): Generator<string> {
  const whole = event({ choices: [{ index: 0, delta: { content: "x".repeat(size) } }] }) + stop() + DONE;
  for (let at = 0; at < whole.length; at += 16) yield whole.slice(at, at + 16);
}
