// One transcript for each dialect, written for this project from what is known of the wire, with what it means. The tests read
// them under every cut; the fault table breaks them.
import type { ChatOptions, Dialect } from "sluice/chat";
import * as dialects from "sluice/chat";
import { eventFrame, exceptionFrame, invokeFrame } from "./aws.ts";

export interface Transcript {
  name: string;
  dialect: Dialect;
  /** What `chat` must be told to read it: the dialect, where that is not recognised unasked. */
  options?: ChatOptions;
  contentType: string;
  /** The frames of the body, in order; a clean cut stands between two of them. */
  frames: readonly (string | Uint8Array)[];
  /** How many frames there must be for the answer to be whole. */
  needed: number;
  /** The deltas it means, neighbouring text joined, `raw` of usage left out. */
  deltas: readonly object[];
  /** Frames with which this provider says in mid-stream that it failed. */
  errors: readonly { name: string; frame: string | Uint8Array }[];
}

const usage = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };
const unlucky = { message: "Out of luck", type: "luck_error", code: "unlucky" };

function sse(
  value: unknown,
  { name, eol = "\n", space = " " }: { name?: string; eol?: string; space?: string } = {},
): string {
  const data = typeof value === "string" ? value : JSON.stringify(value);
  return `${name === undefined ? "" : `event:${space}${name}${eol}`}data:${space}${data}${eol}${eol}`;
}

const done = sse("[DONE]");
const chunk = (delta: object, more: object = {}, choice: object = {}): string =>
  sse({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    model: "m",
    choices: [{ index: 0, delta, finish_reason: null, ...choice }],
    ...more,
  });
const named = (value: { type: string; [key: string]: unknown }): string => sse(value, { name: value.type });
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const eventErrors = [
  { name: "event: error", frame: sse({ error: unlucky }, { name: "error" }) },
  { name: "data.error", frame: sse({ error: unlucky }) },
  { name: "type: error", frame: sse({ type: "error", error: unlucky }) },
  { name: "error: field", frame: `error: ${JSON.stringify({ error: unlucky })}\n\n` },
  { name: "raw JSON tail", frame: JSON.stringify({ error: unlucky }, null, 2) },
];

export const openaiChat: Transcript = {
  name: "openai-chat",
  dialect: dialects.openaiChat,
  contentType: "text/event-stream; charset=utf-8",
  frames: [
    ": OPENROUTER PROCESSING\n\n",
    chunk({ role: "assistant", content: "", refusal: null }, { obfuscation: "x7Qa" }),
    chunk({ content: null, reasoning_content: "嗯" }, { p: "abcd" }),
    chunk({ content: "Grüße 🌍 " }, {}, { text: "Grüße 🌍 ", logprobs: { content: [{ token: "Gr" }] } }),
    chunk({ content: "you" }),
    chunk({ tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "add", arguments: "" } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":1,' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: '"b":"\\"2\\""}' } }] }),
    chunk({}, {}, { finish_reason: "tool_calls" }),
    sse({ id: "chatcmpl-1", model: "m", choices: [], usage }),
    done,
  ],
  needed: 9,
  deltas: [
    { type: "start", id: "chatcmpl-1", model: "m" },
    { type: "reasoning", text: "嗯", choice: 0 },
    { type: "text", text: "Grüße 🌍 ", choice: 0 },
    { type: "logprobs", data: { content: [{ token: "Gr" }] }, choice: 0 },
    { type: "text", text: "you", choice: 0 },
    { type: "tool", choice: 0, key: "0", id: "call_1", name: "add", arguments: "" },
    { type: "tool", choice: 0, key: "0", arguments: '{"a":1,' },
    { type: "tool", choice: 0, key: "0", arguments: '"b":"\\"2\\""}' },
    { type: "finish", choice: 0, reason: "tool", raw: "tool_calls" },
    { type: "usage", input: 9, output: 4, total: 13 },
    { type: "end", outcome: "complete", via: "sentinel" },
  ],
  errors: [
    ...eventErrors,
    { name: "error beside choices", frame: chunk({ content: "" }, { error: unlucky }, { finish_reason: "error" }) },
  ],
};

export const openaiResponses: Transcript = {
  name: "openai-responses",
  dialect: dialects.openaiResponses,
  contentType: "text/event-stream",
  frames: [
    named({ type: "response.created", response: { id: "resp_1", model: "m", status: "in_progress", error: null } }),
    named({ type: "response.reasoning_summary_text.delta", item_id: "rs", delta: "Hm." }),
    named({ type: "response.output_item.done", item: { type: "reasoning", id: "rs", encrypted_content: "gAA=" } }),
    named({ type: "response.output_text.delta", item_id: "msg", delta: "A 🧪 test", logprobs: [] }),
    named({ type: "response.output_text.annotation.added", annotation: { type: "url_citation", url: "u" } }),
    named({ type: "response.output_text.done", text: "A 🧪 test" }),
    named({ type: "response.refusal.delta", delta: "no" }),
    named({
      type: "response.output_item.added",
      item: { type: "function_call", id: "fc", call_id: "call_1", name: "f", arguments: "" },
    }),
    named({ type: "response.function_call_arguments.delta", item_id: "fc", delta: '{"q":' }),
    named({ type: "response.function_call_arguments.delta", item_id: "fc", delta: "1}" }),
    named({ type: "response.function_call_arguments.done", item_id: "fc", arguments: '{"q":1}' }),
    named({
      type: "response.output_item.done",
      item: { type: "function_call", id: "fc", call_id: "call_1", name: "f", arguments: '{"q":1}' },
    }),
    named({ type: "response.output_item.done", item: { type: "web_search_call", id: "ws", status: "completed" } }),
    named({
      type: "response.completed",
      response: {
        id: "resp_1",
        status: "completed",
        usage: { input_tokens: 5, output_tokens: 3, output_tokens_details: { reasoning_tokens: 1 }, total_tokens: 8 },
      },
    }),
  ],
  needed: 14,
  deltas: [
    { type: "start", id: "resp_1", model: "m" },
    { type: "reasoning", text: "Hm.", choice: 0 },
    { type: "signature", data: "gAA=", choice: 0 },
    { type: "text", text: "A 🧪 test", choice: 0 },
    { type: "citation", data: { type: "url_citation", url: "u" }, choice: 0 },
    { type: "refusal", text: "no", choice: 0 },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", name: "f", arguments: "" },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", arguments: '{"q":' },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", arguments: "1}" },
    { type: "unknown", raw: { type: "web_search_call", id: "ws", status: "completed" } },
    { type: "usage", input: 5, output: 3, reasoning: 1, total: 8 },
    { type: "finish", choice: 0, reason: "tool", raw: "completed" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: [
    ...eventErrors,
    {
      name: "response.failed",
      frame: named({ type: "response.failed", response: { status: "failed", error: unlucky } }),
    },
  ],
};

const citation = {
  type: "web_search_result_location",
  url: "https://example.org",
  title: "Rain",
  cited_text: "It rains.",
  encrypted_index: "Eo8B",
};

export const anthropic: Transcript = {
  name: "anthropic",
  dialect: dialects.anthropic,
  contentType: "text/event-stream; charset=utf-8",
  frames: [
    {
      type: "message_start",
      message: {
        id: "msg_1",
        model: "claude",
        usage: { input_tokens: 5, cache_read_input_tokens: 2, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
    { type: "ping" },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "…" } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "EqQB==" } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "It rains.\n" } },
    { type: "content_block_delta", index: 1, delta: { type: "citations_delta", citation } },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "toolu_1", name: "weather", input: {} },
    },
    { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"city": "K' } },
    { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: 'öln"}' } },
    { type: "content_block_stop", index: 2 },
    {
      type: "content_block_start",
      index: 3,
      content_block: { type: "server_tool_use", id: "srv", name: "web_search", input: {} },
    },
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 21 } },
    { type: "message_stop" },
  ].map(named),
  needed: 16,
  deltas: [
    { type: "start", id: "msg_1", model: "claude" },
    { type: "usage", input: 5, cached: 2, output: 1 },
    { type: "reasoning", text: "…", choice: 0 },
    { type: "signature", data: "EqQB==", choice: 0 },
    { type: "text", text: "It rains.\n", choice: 0 },
    { type: "citation", data: citation, choice: 0 },
    { type: "tool", choice: 0, key: "2", id: "toolu_1", name: "weather", arguments: "" },
    { type: "tool", choice: 0, key: "2", arguments: '{"city": "K' },
    { type: "tool", choice: 0, key: "2", arguments: 'öln"}' },
    {
      type: "unknown",
      raw: {
        type: "content_block_start",
        index: 3,
        content_block: { type: "server_tool_use", id: "srv", name: "web_search", input: {} },
      },
    },
    { type: "usage", input: 5, cached: 2, output: 21 },
    { type: "finish", choice: 0, reason: "tool", raw: "tool_use" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: eventErrors,
};

const geminiChunks = [
  {
    candidates: [{ content: { parts: [{ text: "thinking", thought: true }], role: "model" }, index: 0 }],
    usageMetadata: { promptTokenCount: 6, totalTokenCount: 7 },
    modelVersion: "gemini",
    responseId: "r1",
  },
  { candidates: [{ content: { parts: [{ text: "first — " }] } }], modelVersion: "gemini", responseId: "r1" },
  {
    candidates: [
      {
        content: {
          parts: [
            { functionCall: { name: "f", args: { x: 1 } }, thoughtSignature: "Cg==" },
            { functionCall: { name: "f", args: {} } },
          ],
        },
      },
    ],
  },
  { candidates: [{ content: { parts: [{ inlineData: { mimeType: "image/png", data: "iVBO" } }] } }] },
  {
    candidates: [{ content: { parts: [] }, finishReason: "STOP", groundingMetadata: { webSearchQueries: ["q"] } }],
    usageMetadata: { promptTokenCount: 6, candidatesTokenCount: 3, thoughtsTokenCount: 4, totalTokenCount: 13 },
  },
];
const geminiDeltas = (raw: string): object[] => [
  { type: "start", id: "r1", model: "gemini" },
  { type: "reasoning", text: "thinking", choice: 0 },
  { type: "usage", input: 6, total: 7 },
  { type: "text", text: "first — ", choice: 0 },
  { type: "tool", choice: 0, key: "0", name: "f", arguments: '{"x":1}' },
  { type: "signature", data: "Cg==", choice: 0 },
  { type: "tool", choice: 0, key: "1", name: "f", arguments: "{}" },
  { type: "unknown", raw: { inlineData: { mimeType: "image/png", data: "iVBO" } } },
  { type: "citation", data: { webSearchQueries: ["q"] }, choice: 0 },
  { type: "finish", choice: 0, reason: "tool", raw },
  { type: "usage", input: 6, total: 13, output: 3, reasoning: 4 },
  { type: "end", outcome: "complete", via: "finish" },
];
const geminiError = { error: { code: 503, message: "Out of luck", status: "UNAVAILABLE" } };

export const gemini: Transcript = {
  name: "gemini",
  dialect: dialects.gemini,
  contentType: "text/event-stream",
  frames: geminiChunks.map((value) => sse(value, { eol: "\r\n" })),
  needed: 5,
  deltas: geminiDeltas("STOP"),
  errors: [
    { name: "raw JSON tail", frame: `${JSON.stringify(geminiError, null, 2)}\n` },
    { name: "data.error", frame: sse(geminiError, { eol: "\r\n" }) },
  ],
};

export const geminiArray: Transcript = {
  name: "gemini-array",
  dialect: dialects.gemini,
  contentType: "application/json; charset=UTF-8",
  frames: [
    ...geminiChunks.map((value, index) => `${index === 0 ? "[" : "\n,\r\n"}${JSON.stringify(value, null, 2)}`),
    "\n]",
  ],
  needed: 6,
  deltas: geminiDeltas("STOP"),
  errors: [{ name: "element", frame: `\n,\r\n${JSON.stringify(geminiError, null, 2)}\n]` }],
};

export const geminiInteractions: Transcript = {
  name: "gemini-interactions",
  dialect: dialects.geminiInteractions,
  contentType: "text/event-stream",
  frames: [
    { event_type: "interaction.created", interaction: { id: "v1", model: "gemini", status: "in_progress" } },
    { event_type: "step.start", index: 0, step: { type: "thought" } },
    { event_type: "step.delta", index: 0, delta: { type: "thought_signature", signature: "s" } },
    { event_type: "step.delta", index: 1, delta: { type: "text", text: "fine — " } },
    { event_type: "step.stop", index: 1 },
    {
      event_type: "interaction.completed",
      interaction: {
        id: "v1",
        status: "completed",
        usage: { total_input_tokens: 8, total_output_tokens: 3, total_thought_tokens: 4, total_tokens: 15 },
      },
    },
    "[DONE]",
  ].map((value) => sse(value, { name: typeof value === "string" ? "done" : value.event_type })),
  needed: 6,
  deltas: [
    { type: "start", id: "v1", model: "gemini" },
    { type: "signature", data: "s", choice: 0 },
    { type: "text", text: "fine — ", choice: 0 },
    { type: "usage", input: 8, output: 3, reasoning: 4, total: 15 },
    { type: "finish", choice: 0, reason: "stop", raw: "completed" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: eventErrors.slice(0, 2),
};

export const cohere: Transcript = {
  name: "cohere",
  dialect: dialects.cohere,
  contentType: "text/event-stream",
  frames: [
    ...[
      { type: "message-start", id: "c-1", delta: { message: { role: "assistant" } } },
      { type: "tool-plan-delta", delta: { message: { tool_plan: "I will look. " } } },
      { type: "content-delta", index: 0, delta: { message: { content: { thinking: "so" } } } },
      { type: "content-delta", index: 1, delta: { message: { content: { text: "döne" } } } },
      {
        type: "tool-call-start",
        index: 0,
        delta: { message: { tool_calls: { id: "t1", type: "function", function: { name: "f", arguments: "" } } } },
      },
      {
        type: "tool-call-delta",
        index: 0,
        delta: { message: { tool_calls: { function: { arguments: '{"x": 1}' } } } },
      },
      { type: "tool-call-end", index: 0 },
      { type: "citation-start", index: 0, delta: { message: { citations: { start: 0, end: 4 } } } },
      {
        type: "message-end",
        delta: {
          finish_reason: "TOOL_CALL",
          usage: { tokens: { input_tokens: 7, output_tokens: 2 }, cached_tokens: 5 },
        },
      },
    ].map(named),
    done,
  ],
  needed: 9,
  deltas: [
    { type: "start", id: "c-1" },
    { type: "reasoning", text: "I will look. so", choice: 0 },
    { type: "text", text: "döne", choice: 0 },
    { type: "tool", choice: 0, key: "0", id: "t1", name: "f", arguments: "" },
    { type: "tool", choice: 0, key: "0", arguments: '{"x": 1}' },
    { type: "citation", data: { start: 0, end: 4 }, choice: 0 },
    { type: "usage", input: 7, output: 2, cached: 5 },
    { type: "finish", choice: 0, reason: "tool", raw: "TOOL_CALL" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: [
    ...eventErrors,
    { name: "finish_reason: ERROR", frame: named({ type: "message-end", delta: { finish_reason: "ERROR" } }) },
  ],
};

export const cohereV1: Transcript = {
  name: "cohere-v1",
  dialect: dialects.cohere,
  contentType: "application/stream+json",
  frames: [
    line({ is_finished: false, event_type: "stream-start", generation_id: "g" }),
    line({ is_finished: false, event_type: "text-generation", text: " über" }),
    line({
      is_finished: false,
      event_type: "tool-calls-generation",
      tool_calls: [{ name: "f", parameters: { x: 1 } }],
    }),
    line({
      is_finished: true,
      event_type: "stream-end",
      finish_reason: "COMPLETE",
      response: { meta: { tokens: { input_tokens: 3, output_tokens: 1 } } },
    }),
  ],
  needed: 4,
  deltas: [
    { type: "start", id: "g" },
    { type: "text", text: " über", choice: 0 },
    { type: "tool", choice: 0, key: "0", name: "f", arguments: '{"x":1}' },
    { type: "usage", input: 3, output: 1 },
    { type: "finish", choice: 0, reason: "tool", raw: "COMPLETE" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: [{ name: "error line", frame: line({ error: "Out of luck" }) }],
};

export const ollamaChat: Transcript = {
  name: "ollama-chat",
  dialect: dialects.ollama,
  contentType: "application/x-ndjson",
  frames: [
    line({ model: "m", message: { role: "assistant", content: "", thinking: "ok" }, done: false }),
    line({ model: "m", message: { role: "assistant", content: " <b>\u2028&amp; 🦙" }, done: false }),
    line({
      model: "m",
      message: {
        role: "assistant",
        content: "",
        tool_calls: [{ id: "c1", function: { index: 0, name: "f", arguments: { x: 1 } } }],
      },
      done: false,
    }),
    line({
      model: "m",
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "stop",
      prompt_eval_count: 9,
      eval_count: 2,
    }),
  ],
  needed: 4,
  deltas: [
    { type: "start", model: "m" },
    { type: "reasoning", text: "ok", choice: 0 },
    { type: "text", text: " <b>\u2028&amp; 🦙", choice: 0 },
    { type: "tool", choice: 0, key: "0", id: "c1", name: "f", arguments: '{"x":1}' },
    { type: "usage", input: 9, output: 2 },
    { type: "finish", choice: 0, reason: "tool", raw: "stop" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: [{ name: "error line", frame: line({ error: "Out of luck" }) }],
};

export const ollamaGenerate: Transcript = {
  name: "ollama-generate",
  dialect: dialects.ollama,
  contentType: "application/x-ndjson",
  frames: [
    line({ model: "m", response: "Hé", done: false }),
    line({ model: "m", response: "llo", done: false }),
    line({
      model: "m",
      response: "",
      done: true,
      done_reason: "length",
      context: [1, 2],
      prompt_eval_count: 9,
      eval_count: 2,
    }),
  ],
  needed: 3,
  deltas: [
    { type: "start", model: "m" },
    { type: "text", text: "Héllo", choice: 0 },
    { type: "usage", input: 9, output: 2 },
    { type: "finish", choice: 0, reason: "length", raw: "length" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: [{ name: "error line", frame: line({ error: "Out of luck" }) }],
};

const awsErrors = [{ name: "exception frame", frame: exceptionFrame("throttlingException", "Out of luck") }];

export const bedrock: Transcript = {
  name: "bedrock",
  dialect: dialects.bedrock,
  contentType: "application/vnd.amazon.eventstream",
  frames: [
    eventFrame("messageStart", { role: "assistant", p: "abc" }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { text: "Hm" } } }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent: { signature: "s" } } }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 1, delta: { text: "It räins" }, p: "abcd" }),
    eventFrame("contentBlockStop", { contentBlockIndex: 1 }),
    eventFrame("contentBlockStart", { contentBlockIndex: 2, start: { toolUse: { toolUseId: "t1", name: "f" } } }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: '{"x":' } } }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 2, delta: { toolUse: { input: "1}" } } }),
    eventFrame("contentBlockDelta", { contentBlockIndex: 3, delta: { citation: { location: { web: { url: "u" } } } } }),
    eventFrame("messageStop", { stopReason: "tool_use" }),
    eventFrame("metadata", { usage: { inputTokens: 8, outputTokens: 10, totalTokens: 18 } }),
  ],
  needed: 10,
  deltas: [
    { type: "start" },
    { type: "reasoning", text: "Hm", choice: 0 },
    { type: "signature", data: "s", choice: 0 },
    { type: "text", text: "It räins", choice: 0 },
    { type: "tool", choice: 0, key: "2", id: "t1", name: "f", arguments: "" },
    { type: "tool", choice: 0, key: "2", arguments: '{"x":' },
    { type: "tool", choice: 0, key: "2", arguments: "1}" },
    { type: "citation", data: { location: { web: { url: "u" } } }, choice: 0 },
    { type: "finish", choice: 0, reason: "tool", raw: "tool_use" },
    { type: "usage", input: 8, output: 10, total: 18 },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: awsErrors,
};

export const bedrockInvoke: Transcript = {
  name: "bedrock-invoke (anthropic)",
  dialect: dialects.invoke(dialects.anthropic),
  contentType: "application/vnd.amazon.eventstream",
  frames: [
    { type: "message_start", message: { id: "msg_1", model: "claude", usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Grüße" } },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } },
    { type: "message_stop", "amazon-bedrock-invocationMetrics": { inputTokenCount: 5, outputTokenCount: 2 } },
  ].map(invokeFrame),
  needed: 4,
  deltas: [
    { type: "start", id: "msg_1", model: "claude" },
    { type: "usage", input: 5, output: 1 },
    { type: "text", text: "Grüße", choice: 0 },
    { type: "usage", input: 5, output: 2 },
    { type: "finish", choice: 0, reason: "stop", raw: "end_turn" },
    { type: "usage", input: 5, output: 2 },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: awsErrors,
};

export const bedrockTitan: Transcript = {
  name: "bedrock-invoke (titan)",
  dialect: dialects.bedrock,
  contentType: "application/vnd.amazon.eventstream",
  frames: [
    invokeFrame({ outputText: "Hel", index: 0, completionReason: null }),
    invokeFrame({
      outputText: "lo",
      index: 0,
      completionReason: "FINISH",
      "amazon-bedrock-invocationMetrics": { inputTokenCount: 4, outputTokenCount: 2 },
    }),
  ],
  needed: 2,
  deltas: [
    { type: "start" },
    { type: "text", text: "Hello", choice: 0 },
    { type: "usage", input: 4, output: 2 },
    { type: "finish", choice: 0, reason: "stop", raw: "FINISH" },
    { type: "end", outcome: "complete", via: "finish" },
  ],
  errors: awsErrors,
};

export const workersAI: Transcript = {
  name: "workers-ai",
  dialect: dialects.workersAI,
  contentType: "text/event-stream",
  frames: [
    sse({ response: "Hel", p: "ab" }),
    sse({ response: "lö" }),
    sse({ response: "", usage }),
    sse({ response: "", tool_calls: [{ name: "f", arguments: { x: 1 } }] }),
    done,
  ],
  needed: 5,
  deltas: [
    { type: "start" },
    { type: "text", text: "Hellö", choice: 0 },
    { type: "usage", input: 9, output: 4, total: 13 },
    { type: "tool", choice: 0, key: "0", name: "f", arguments: '{"x":1}' },
    { type: "end", outcome: "complete", via: "sentinel" },
  ],
  errors: [
    ...eventErrors,
    { name: "errors", frame: sse({ errors: [{ message: "Out of luck", code: 5007 }], success: false }) },
  ],
};

export const generatedText: Transcript = {
  name: "generated-text",
  dialect: dialects.generatedText,
  contentType: "text/event-stream",
  frames: [
    sse({ index: 1, token: { id: 5, text: " à", special: false }, generated_text: null }, { space: "" }),
    sse(
      {
        index: 2,
        token: { id: 2, text: "</s>", special: true },
        generated_text: " à",
        details: { finish_reason: "eos_token" },
      },
      { space: "" },
    ),
  ],
  needed: 2,
  deltas: [
    { type: "start" },
    { type: "text", text: " à", choice: 0 },
    { type: "finish", choice: 0, reason: "stop", raw: "eos_token" },
    { type: "end", outcome: "complete", via: "terminal-event" },
  ],
  errors: eventErrors.slice(0, 2),
};

const webSource = { type: "source-url", sourceId: "s1", url: "https://example.org" };
const search = { type: "tool-input-start", toolCallId: "srv", toolName: "web_search", providerExecuted: true };

export const uiMessages: Transcript = {
  name: "ui-message-stream",
  dialect: dialects.uiMessages,
  options: { dialect: dialects.uiMessages },
  contentType: "text/event-stream",
  frames: [
    { type: "start", messageId: "msg_1", messageMetadata: { model: "m" } },
    { type: "start-step" },
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-delta", id: "r", delta: "嗯" },
    { type: "reasoning-end", id: "r", providerMetadata: { anthropic: { signature: "EqQB==" } } },
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: "Grüße 🌍 " },
    { type: "text-delta", id: "t", delta: "you" },
    { type: "text-end", id: "t" },
    webSource,
    { type: "tool-input-start", toolCallId: "call_1", toolName: "add" },
    { type: "tool-input-delta", toolCallId: "call_1", inputTextDelta: '{"a":1,' },
    { type: "tool-input-delta", toolCallId: "call_1", inputTextDelta: '"b":"\\"2\\""}' },
    { type: "tool-input-available", toolCallId: "call_1", toolName: "add", input: { a: 1, b: '"2"' } },
    { type: "tool-input-available", toolCallId: "call_2", toolName: "now", input: {} },
    search,
    { type: "data-weather", id: "w", data: { rain: true } },
    { type: "finish-step" },
    {
      type: "finish",
      finishReason: "tool-calls",
      messageMetadata: { totalUsage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 } },
    },
    "[DONE]",
  ].map((value) => sse(value)),
  needed: 19,
  deltas: [
    { type: "start", id: "msg_1", model: "m" },
    { type: "reasoning", text: "嗯", choice: 0 },
    { type: "signature", data: "EqQB==", choice: 0 },
    { type: "text", text: "Grüße 🌍 you", choice: 0 },
    { type: "citation", data: webSource, choice: 0 },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", name: "add", arguments: "" },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", arguments: '{"a":1,' },
    { type: "tool", choice: 0, key: "call_1", id: "call_1", arguments: '"b":"\\"2\\""}' },
    { type: "tool", choice: 0, key: "call_2", id: "call_2", name: "now", arguments: "{}" },
    { type: "unknown", raw: search },
    { type: "unknown", raw: { type: "data-weather", id: "w", data: { rain: true } } },
    { type: "usage", input: 9, output: 4, total: 13 },
    { type: "finish", choice: 0, reason: "tool", raw: "tool-calls" },
    { type: "end", outcome: "complete", via: "sentinel" },
  ],
  errors: [
    ...eventErrors,
    { name: "errorText", frame: sse({ type: "error", errorText: "Out of luck" }) },
    { name: "abort", frame: sse({ type: "abort", reason: "Out of luck" }) },
  ],
};

export const transcripts: readonly Transcript[] = [
  openaiChat,
  openaiResponses,
  anthropic,
  gemini,
  geminiArray,
  geminiInteractions,
  cohere,
  cohereV1,
  ollamaChat,
  ollamaGenerate,
  bedrock,
  bedrockInvoke,
  bedrockTitan,
  workersAI,
  generatedText,
  uiMessages,
];
