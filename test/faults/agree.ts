// The recorded streams (SLUICE_CORPUS) through the official SDKs: text, tool calls and usage must be what `chat` makes of the same
// bytes. `npm run faults -- agree` prints what was compared and every difference.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { messageOf } from "../chat/helpers.ts";
import { FaultServer } from "./server.ts";

interface Said {
  text: string;
  tools: { name: string; arguments: string }[];
  input: number | undefined;
  output: number | undefined;
}

type Speaker = (baseURL: string) => Promise<Said>;

const options = { apiKey: "none", maxRetries: 0, logLevel: "off" } as const;
const messages = [{ role: "user" as const, content: "Hi" }];

const chatCompletions: Speaker = async (baseURL) => {
  const said: Said = { text: "", tools: [], input: undefined, output: undefined };
  const byIndex = new Map<number, Said["tools"][number]>();
  const client = new OpenAI({ ...options, baseURL });
  for await (const { choices, usage } of await client.chat.completions.create({ model: "m", messages, stream: true })) {
    for (const { index, delta } of choices) {
      if (index !== 0) continue;
      if (typeof delta?.content === "string") said.text += delta.content;
      for (const part of delta?.tool_calls ?? []) {
        const call = byIndex.get(part.index) ?? { name: "", arguments: "" };
        if (!byIndex.has(part.index)) said.tools.push(call);
        byIndex.set(part.index, call);
        call.name ||= part.function?.name ?? "";
        call.arguments += part.function?.arguments ?? "";
      }
    }
    if (usage)
      Object.assign(said, { input: usage.prompt_tokens || said.input, output: usage.completion_tokens || said.output });
  }
  return said;
};

const responses: Speaker = async (baseURL) => {
  const said: Said = { text: "", tools: [], input: undefined, output: undefined };
  for await (const event of await new OpenAI({ ...options, baseURL }).responses.create({
    model: "m",
    input: "",
    stream: true,
  })) {
    if (event.type === "response.output_text.delta") said.text += event.delta;
    if (event.type === "response.output_item.done" && event.item.type === "function_call") said.tools.push(event.item);
    if (event.type === "response.completed") {
      Object.assign(said, { input: event.response.usage?.input_tokens, output: event.response.usage?.output_tokens });
    }
  }
  return said;
};

const anthropic: Speaker = async (baseURL) => {
  const message = await new Anthropic({ ...options, baseURL }).messages
    .stream({ model: "m", messages, max_tokens: 9 })
    .finalMessage();
  const said: Said = { text: "", tools: [], input: message.usage.input_tokens, output: message.usage.output_tokens };
  for (const block of message.content) {
    if (block.type === "text") said.text += block.text;
    if (block.type === "tool_use") said.tools.push({ name: block.name, arguments: JSON.stringify(block.input) });
  }
  return said;
};

/** Compares every recording that one of the SDKs is made for. */
export async function printAgreement(): Promise<void> {
  const folder = process.env["SLUICE_CORPUS"];
  if (folder === undefined || !existsSync(folder)) {
    console.log("SLUICE_CORPUS names no folder: nothing to compare");
    return;
  }
  const server = new FaultServer();
  await server.listen();
  const counts = { agreed: 0, differed: 0, refused: 0 };
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".sse"))
    .sort()) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const speaker = speakerOf(new TextDecoder().decode(bytes.subarray(0, 20_000)));
    if (speaker === undefined) continue;
    const plan = { status: 200, contentType: "text/event-stream", chunks: [bytes], ending: "end" } as const;
    const ours = await messageOf(new Response(bytes, { headers: { "content-type": plan.contentType } }));
    const theirs = await speaker(server.plan(plan).url).catch((error: unknown) => String(error));
    const mine: Said = {
      text: ours.text,
      tools: ours.toolCalls.map((call) => ({ name: call.name ?? "", arguments: call.arguments })),
      input: ours.usage?.input,
      output: ours.usage?.output,
    };
    if (typeof theirs === "string") {
      counts.refused++;
      console.log(`${name}: the SDK throws (${theirs.slice(0, 90)}), sluice says ${ours.outcome}`);
    } else if (plain(theirs) === plain(mine)) counts.agreed++;
    else {
      counts.differed++;
      console.log(`${name}: differs\n  theirs ${plain(theirs).slice(0, 400)}\n  ours   ${plain(mine).slice(0, 400)}`);
    }
  }
  server.close();
  console.log(`${counts.agreed} agree, ${counts.differed} differ, ${counts.refused} that the SDK refuses`);
}

function speakerOf(text: string): Speaker | undefined {
  if (/"type": ?"message_start"/.test(text)) return anthropic;
  if (/"response\.created"/.test(text)) return responses;
  return /"choices": ?\[/.test(text) ? chatCompletions : undefined;
}

/** Arguments count as the value they are. */
function plain({ text, tools, input, output }: Said): string {
  const calls = tools.map((call) => [call.name, JSON.parse(call.arguments || "{}")]);
  return JSON.stringify({ text, calls, input: input ?? null, output: output ?? null });
}
