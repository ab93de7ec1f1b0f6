// A message of a million deltas, and a tool call of 10 MB in small deltas: what is quadratic would take hours, not the seconds
// that the runner grants. `npm run faults -- linear` measures doublings.
import { chat, inlineThink } from "sluice/chat";
import { expect, test } from "vitest";
import { chunk, DONE, event, stop } from "./helpers.ts";

/** The same chunk many times over, without holding them. */
function* repeated(piece: string, times: number, before = "", after = ""): Generator<string> {
  if (before !== "") yield before;
  const batch = piece.repeat(100);
  for (let count = 0; count < times; count += 100) yield batch;
  if (after !== "") yield after;
}

const text = event({ choices: [{ index: 0, delta: { content: "ab" } }] });
const part = event({
  choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: "abcdefghij" } }] } }],
});
const opened = chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: '{"x":"' } }] });
const closed = chunk({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] }) + stop("tool_calls") + DONE;

test("a million deltas are one message", { timeout: 120_000 }, async () => {
  const message = await chat(repeated(text, 1_000_000, "", stop() + DONE)).message();
  expect([message.text.length, message.outcome]).toEqual([2_000_000, "complete"]);
});

test("a tool call of 10 MB in deltas of 10 characters is one input", { timeout: 120_000 }, async () => {
  const { toolCalls } = await chat(repeated(part, 1_000_000, opened, closed)).message();
  expect(toolCalls).toMatchObject([
    { input: { x: expect.toSatisfy((x: string) => x.length === 10_000_000) as unknown } },
  ]);
});

test("one event of 4 MB in chunks of 16 characters is read", { timeout: 120_000 }, async () => {
  const whole = event({ choices: [{ index: 0, delta: { content: "x".repeat(4_000_000) } }] }) + stop() + DONE;
  const pieces: string[] = [];
  for (let at = 0; at < whole.length; at += 16) pieces.push(whole.slice(at, at + 16));
  expect((await chat(pieces).message()).text.length).toBe(4_000_000);
});

test("white space that never comes to a tag or a word is linear too", { timeout: 120_000 }, async () => {
  const blank = event({ choices: [{ index: 0, delta: { content: "  " } }] });
  const source = repeated(blank, 500_000, "", chunk({ content: "ab" }) + stop() + DONE);
  expect((await chat(source, { think: inlineThink }).message()).text.length).toBe(1_000_002);
});

test("an error page is read up to a limit, however long it is", async () => {
  let pulled = 0;
  function* page(): Generator<string> {
    for (; pulled < 10_000; pulled++) yield `<p>${"x".repeat(1000)}</p>`;
  }
  expect((await chat(page()).message()).outcome).toBe("error");
  expect(pulled).toBeLessThan(20);
});
