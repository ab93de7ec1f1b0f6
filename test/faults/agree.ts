// The recorded streams (SLUICE_CORPUS) through the official SDKs: text, tool calls and usage must be what `chat` makes of the same
// bytes. `npm run faults -- agree` prints what was compared and every difference.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
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

const gemini: Speaker = async (baseUrl) => {
  const said: Said = { text: "", tools: [], input: undefined, output: undefined };
  const { models } = new GoogleGenAI({ apiKey: "none", httpOptions: { baseUrl } });
  for await (const { candidates, usageMetadata } of await models.generateContentStream({
    model: "m",
    contents: "Hi",
  })) {
    for (const { text, thought, functionCall } of candidates?.[0]?.content?.parts ?? []) {
      if (text !== undefined && thought !== true) said.text += text;
      if (functionCall)
        said.tools.push({ name: functionCall.name ?? "", arguments: JSON.stringify(functionCall.args) });
    }
    said.input = usageMetadata?.promptTokenCount ?? said.input;
    said.output = usageMetadata?.candidatesTokenCount ?? said.output;
  }
  return said;
};

const cohere: Speaker = async (baseUrl) => {
  const said: Said = { text: "", tools: [], input: undefined, output: undefined };
  const client = new CohereClientV2({ token: "none", baseUrl });
  for await (const event of await client.chatStream({ model: "m", messages }, { maxRetries: 0 })) {
    if (event.type === "content-delta") said.text += event.delta?.message?.content?.text ?? "";
    if (event.type === "tool-call-start") {
      const { name = "", arguments: text = "" } = event.delta?.message?.toolCalls?.function ?? {};
      said.tools.push({ name, arguments: text });
    }
    const last = said.tools.at(-1);
    if (event.type === "tool-call-delta" && last)
      last.arguments += event.delta?.message?.toolCalls?.function?.arguments ?? "";
    if (event.type === "message-end") {
      said.input = event.delta?.usage?.tokens?.inputTokens;
      said.output = event.delta?.usage?.tokens?.outputTokens;
    }
  }
  return said;
};

const ollama: Speaker = async (host) => {
  const said: Said = { text: "", tools: [], input: undefined, output: undefined };
  for await (const part of await new Ollama({ host }).chat({ model: "m", messages, stream: true })) {
    said.text += part.message?.content ?? (part as unknown as { response?: string }).response ?? ""; // generate's is read alike
    for (const { function: called } of part.message?.tool_calls ?? []) {
      said.tools.push({ name: called.name, arguments: JSON.stringify(called.arguments) });
    }
    said.input = part.prompt_eval_count ?? said.input;
    said.output = part.eval_count ?? said.output;
  }
  return said;
};

/** Where the SDK leaves out what is in the stream, or hands it on in parts. */
const EXPLAINED: Readonly<Record<string, string>> = {
  "gemini/vercel-partial-args.chunks":
    "arguments come in parts by their paths, which Google's SDK hands on as they are",
  "groq/web-search.sse": "usage stands in x_groq, which OpenAI's SDK does not know",
  "groq/x_groq-usage.sse": "usage stands in x_groq, which OpenAI's SDK does not know",
  "mistral/thinking-long-utf8.sse": "the first text is a part of a list, which OpenAI's SDK hands on as it is",
  "openai-chat/emoji.sse": "a stream of completions before there was chat, read here with the SDK's chat",
};

/**
 * A recording in the framing that its SDK reads: whole streams as they are; recorded chunks, the elements of a bare array and
 * what Bedrock's *invoke* wraps as the events that they would be elsewhere. It is taken apart here without sluice.
 */
function bodyFor(name: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes);
  switch (name.slice(name.lastIndexOf("."))) {
    case ".chunks":
      return asEvents(text.split("\n").filter((line) => line.trim() !== ""));
    case ".json":
      return asEvents((JSON.parse(text) as unknown[]).map((element) => JSON.stringify(element)));
    case ".eventstream":
      return asEvents(
        [...text.matchAll(/"bytes":"([^"]+)"/g)].map(([, base64 = ""]) => Buffer.from(base64, "base64").toString()),
      );
    default:
      return bytes;
  }
}

/** Frames as events, named by the type that stands in them. */
function asEvents(frames: readonly string[]): Uint8Array<ArrayBuffer> {
  const events = frames.map((frame) => {
    const type = /^\{[^{]*?"type": ?"([\w.-]+)"/.exec(frame)?.[1];
    return `${type === undefined ? "" : `event: ${type}\n`}data: ${frame}\n\n`;
  });
  return new TextEncoder().encode(events.join(""));
}

/** Compares every recording that one of the SDKs is made for. */
export async function printAgreement(): Promise<void> {
  const folder = process.env["SLUICE_CORPUS"];
  if (folder === undefined || !existsSync(folder)) {
    console.log("SLUICE_CORPUS names no folder: nothing to compare");
    return;
  }
  const server = new FaultServer();
  await server.listen();
  const counts = { agreed: 0, explained: 0, differed: 0, refused: 0 };
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((each) => /\.(sse|ndjson|chunks|json|eventstream)$/.test(each))
    .sort()) {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const body = bodyFor(name, bytes);
    const speaker = speakerOf(new TextDecoder().decode(body.subarray(0, 20_000)));
    if (speaker === undefined) continue;
    const contentType = name.endsWith(".ndjson") ? "application/x-ndjson" : "text/event-stream";
    const plan = { status: 200, contentType, chunks: [body], ending: "end" } as const;
    const ours = await messageOf([bytes]); // recognised by itself
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
    else if (EXPLAINED[name] !== undefined) {
      counts.explained++;
      console.log(`${name}: ${EXPLAINED[name]}`);
    } else {
      counts.differed++;
      console.log(`${name}: differs\n  theirs ${plain(theirs).slice(0, 400)}\n  ours   ${plain(mine).slice(0, 400)}`);
    }
  }
  server.close();
  const { agreed, explained, differed, refused } = counts;
  console.log(
    `${agreed} agree, ${explained} differ for a reason, ${differed} without one, ${refused} throw in the SDK`,
  );
  process.exitCode = differed > 0 ? 1 : 0;
}

function speakerOf(text: string): Speaker | undefined {
  if (/"type": ?"message_start"/.test(text)) return anthropic;
  if (/"response\.created"/.test(text)) return responses;
  if (/"candidates": ?\[/.test(text)) return gemini;
  if (/"message-start"/.test(text)) return cohere;
  if (/"done": ?false/.test(text)) return ollama;
  return /"choices": ?\[/.test(text) ? chatCompletions : undefined;
}

/** Arguments count as the value they are. */
function plain({ text, tools, input, output }: Said): string {
  const calls = tools.map((call) => [call.name, JSON.parse(call.arguments || "{}") as unknown]);
  return JSON.stringify({ text, calls, input: input ?? null, output: output ?? null });
}
