import * as v from "valibot";
import { explain } from "../issue.ts";
import { type CompletionRequest, invalid } from "../request.ts";

/** What a chat completions request says, for providers that say it in another way. */
export interface Conversation {
  /** All system messages, as one text. */
  system: string | undefined;
  turns: readonly Turn[];
  maxTokens: number | undefined;
  temperature: number | undefined;
  topP: number | undefined;
  stop: readonly string[];
  tools: readonly Tool[];
  toolChoice: "auto" | "none" | "required" | { name: string } | undefined;
  isParallel: boolean | undefined;
  user: string | undefined;
}

export type Turn =
  | { role: "user"; parts: readonly Part[] }
  | { role: "assistant"; text: string; calls: readonly Call[] }
  | { role: "tool"; results: readonly Result[] }; // all that follow one another

export type Part = { type: "text"; text: string } | { type: "image"; image: Image };

/** An image by its address, or as what it is, in base64. */
export type Image = { url: string } | { mediaType: string; data: string };

export interface Call {
  id: string;
  name: string;
  input: unknown;
}

/** What a call gave. */
export interface Result {
  call: Call;
  text: string;
}

export interface Tool {
  name: string;
  description?: string;
  /** A JSON schema. */
  parameters: unknown;
}

/**
 * Reads a request for a provider that is not OpenAI's.
 *
 * @throws GatewayError 400 for what is wrong, and for what there is no other way to say: silence would change the answer
 */
export function conversationOf(request: CompletionRequest): Conversation {
  const result = v.safeParse(schema, request, { abortEarly: true });
  if (!result.success) {
    const { path, problem } = explain(result.issues[0]);
    throw invalid(`For this model \`${path}\` ${problem}`, path);
  }
  const { messages, tools, tool_choice: choice, stop, ...settings } = result.output;
  const system = messages.flatMap((message) => (message.role === "system" ? [message.content] : [])).join("\n\n");
  return {
    system: system === "" ? undefined : system,
    turns: turnsOf(messages),
    maxTokens: settings.max_completion_tokens ?? settings.max_tokens ?? undefined,
    temperature: settings.temperature ?? undefined,
    topP: settings.top_p ?? undefined,
    stop: typeof stop === "string" ? [stop] : (stop ?? []),
    tools: (tools ?? []).map(({ function: tool }) => ({ ...tool, parameters: tool.parameters ?? NO_PARAMETERS })),
    toolChoice: typeof choice === "object" && choice !== null ? choice.function : (choice ?? undefined),
    isParallel: settings.parallel_tool_calls ?? undefined,
    user: settings.user ?? undefined,
  };
}

const NO_PARAMETERS = { type: "object", properties: {} };

const string = v.string();
const anything = v.optional(v.unknown());
const texts = v.union([
  string,
  v.pipe(
    v.array(v.object({ type: v.literal("text"), text: string })),
    v.transform((parts) => parts.map(({ text }) => text).join("")),
  ),
]);
const parts = v.union([
  v.pipe(
    string,
    v.transform((text): Part[] => [{ type: "text", text }]),
  ),
  v.array(
    v.variant("type", [
      v.object({ type: v.literal("text"), text: string }),
      v.pipe(
        v.object({ type: v.literal("image_url"), image_url: v.object({ url: string }) }),
        v.transform(({ image_url: { url } }): Part => ({ type: "image", image: imageAt(url) })),
      ),
    ]),
  ),
]);

const named = v.object({ type: v.literal("function"), function: v.object({ name: string }) });
const messageSchema = v.variant("role", [
  v.object({ role: v.literal("system"), content: texts }),
  v.pipe(
    v.object({ role: v.literal("developer"), content: texts }),
    v.transform(({ content }) => ({ role: "system" as const, content })),
  ),
  v.object({ role: v.literal("user"), content: parts }),
  v.object({
    role: v.literal("assistant"),
    content: v.nullish(texts),
    tool_calls: v.nullish(
      v.array(
        v.object({ id: string, type: v.literal("function"), function: v.object({ name: string, arguments: string }) }),
      ),
    ),
  }),
  v.object({ role: v.literal("tool"), tool_call_id: string, content: texts }),
]);

const schema = v.strictObject({
  model: string,
  messages: v.array(messageSchema),
  stream: v.nullish(v.boolean()),
  stream_options: anything,
  max_tokens: v.nullish(v.number()),
  max_completion_tokens: v.nullish(v.number()),
  temperature: v.nullish(v.number()),
  top_p: v.nullish(v.number()),
  stop: v.nullish(v.union([string, v.array(string)])),
  tools: v.nullish(
    v.array(
      v.object({
        type: v.literal("function"),
        function: v.object({ name: string, description: v.exactOptional(string), parameters: anything }),
      }),
    ),
  ),
  tool_choice: v.nullish(v.union([v.picklist(["auto", "none", "required"]), named])),
  parallel_tool_calls: v.nullish(v.boolean()),
  user: v.nullish(string),
  // What says nothing but the usual.
  n: v.nullish(v.literal(1)),
  frequency_penalty: v.nullish(v.literal(0)),
  presence_penalty: v.nullish(v.literal(0)),
  logprobs: v.nullish(v.literal(false)),
  response_format: v.nullish(v.object({ type: v.literal("text") })),
  // What changes nothing in the answer, or was never sure to.
  metadata: anything,
  prompt_cache_key: anything,
  safety_identifier: anything,
  seed: anything,
  service_tier: anything,
  store: anything,
});

function turnsOf(messages: readonly v.InferOutput<typeof messageSchema>[]): Turn[] {
  const calls = new Map<string, Call>();
  const turns: Turn[] = [];
  let results: Result[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== "tool") results = [];
    if (message.role === "user") turns.push({ role: "user", parts: message.content });
    if (message.role === "assistant") {
      const asked = (message.tool_calls ?? []).map((call, at): Call => {
        const input = inputOf(call.function.arguments, `messages.${index}.tool_calls.${at}.function.arguments`);
        return { id: call.id, name: call.function.name, input };
      });
      for (const call of asked) calls.set(call.id, call);
      turns.push({ role: "assistant", text: message.content ?? "", calls: asked });
    }
    if (message.role === "tool") {
      const call = calls.get(message.tool_call_id);
      const param = `messages.${index}.tool_call_id`;
      if (call === undefined) throw invalid(`\`${param}\` must be the id of a call before it`, param);
      if (results.length === 0) turns.push({ role: "tool", results });
      results.push({ call, text: message.content });
    }
  }
  return turns;
}

function inputOf(text: string, param: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`\`${param}\` must be JSON`, param, cause);
  }
}

function imageAt(url: string): Image {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || data === undefined ? { url } : { mediaType, data };
}
