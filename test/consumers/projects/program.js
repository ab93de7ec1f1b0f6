// The program that every consumer builds and runs: it uses each of the package's main entries.
import { bufferParse, decode, filterEmpty, flow, splitSSE } from "sluice";
import { chat } from "sluice/chat";
import { partialJSON } from "sluice/json";

const body = [
  'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":"Grüße 🌍"}}]}\n\n',
  'data: {"id":"c1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
  "data: [DONE]\n\n",
].join("");

export async function program() {
  const bytes = new TextEncoder().encode(body);
  const chunks = [bytes.slice(0, 71), bytes.slice(71)];
  const contents = [];
  for await (const { choices } of flow(chunks, decode(), splitSSE(), filterEmpty(), bufferParse())) {
    contents.push(choices[0].delta.content ?? choices[0].finish_reason);
  }
  let last;
  for await (const snapshot of flow(['{"a":[1,', "2]}"], partialJSON())) last = snapshot;
  const { text, outcome, via } = await chat(body).message();
  return JSON.stringify({ contents, last, text, outcome, via });
}
