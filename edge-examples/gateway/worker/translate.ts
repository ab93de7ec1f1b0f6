import { type Flow, flow, tap } from "sluice";
import { chatIn, type Delta, type Dialect, type Finish, type Message } from "sluice/chat";
import { openAIStream } from "sluice/serve";
import { withoutKey } from "../../shared/worker/words.ts";
import type { Config } from "./config.ts";
import type { Exchange } from "./exchange.ts";
import { cutOff, GatewayError, stalled, unreadable } from "./failure.ts";
import { relay } from "./relay.ts";

interface Translation {
  dialect: Dialect;
  /** The model, as the caller calls it. */
  model: string;
  /** The provider's key, which is taken out of what it says. */
  key: string | undefined;
  config: Config;
  exchange: Exchange;
}

/** Another provider's stream as OpenAI's chunks; `usage` says whether they end in a count of tokens. */
export function translateStream(
  answer: Response,
  { dialect, model, key, config, exchange, usage }: Translation & { usage: boolean },
): ReadableStream<Uint8Array> {
  const { record } = exchange;
  const deltas = chatIn(dialect)(counted(answer, exchange), { signal: exchange.signal });
  const seen = flow(
    deltas,
    tap((delta: Delta) => record.see(delta)),
  );
  const body = openAIStream(seen, {
    model,
    usage,
    heartbeat: Infinity, // the relay's
    onError({ outcome, cause }) {
      const { message, type, code } = failureOf(outcome, cause, { key, config });
      record.note({ error: code });
      return { message, type, code };
    },
  });
  return relay(body, {
    config,
    exchange,
    isEvents: true,
    problem: (cause) => (cause === undefined ? undefined : cutOff()),
  });
}

/**
 * Another provider's stream as one of OpenAI's chat completions.
 *
 * @throws GatewayError when it was not whole
 */
export async function translateWhole(
  answer: Response,
  { dialect, model, key, config, exchange }: Translation,
): Promise<unknown> {
  const options = { signal: exchange.signal, deadlines: { idle: config.idle } };
  const message = await chatIn(dialect)(counted(answer, exchange), options).message();
  const { outcome, cause, errors, finish, usage } = message;
  const { record } = exchange;
  record.decide(outcome);
  if (usage !== undefined) record.see({ type: "usage", ...usage });
  if (finish !== undefined) record.see({ type: "finish", choice: 0, ...finish });
  if (outcome !== "complete") throw failureOf(outcome, cause ?? errors[0], { key, config });
  return completionOf(message, model);
}

function counted(answer: Response, { record }: Exchange): Flow<Uint8Array> {
  return flow(
    answer,
    tap((chunk: Uint8Array) => record.count(chunk.length)),
  );
}

function failureOf(
  outcome: string,
  cause: unknown,
  { key, config }: Pick<Translation, "key" | "config">,
): GatewayError {
  if (outcome === "stalled") return stalled(config.idle);
  if (outcome === "truncated") return cutOff();
  const message = Object(cause).message;
  if (typeof message !== "string" || cause instanceof Error) return unreadable();
  return new GatewayError(withoutKey(message, key).slice(0, 500), { status: 502, code: "upstream_error" });
}

function completionOf({ id, choices, usage }: Message, model: string): unknown {
  const { input = 0, output = 0, total = input + output } = usage ?? {};
  return {
    id: id ?? `chatcmpl-${crypto.randomUUID()}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model,
    choices: choices.map(({ choice, text, reasoning, refusal, toolCalls, finish }) => ({
      index: choice,
      message: {
        role: "assistant",
        content: text === "" && toolCalls.length > 0 ? null : text,
        refusal: refusal === "" ? null : refusal,
        ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
        ...(toolCalls.length === 0
          ? {}
          : {
              tool_calls: toolCalls.map(({ key, id = key, name = "", ...call }) => ({
                id,
                type: "function",
                function: { name, arguments: call.arguments || "{}" },
              })),
            }),
      },
      logprobs: null,
      finish_reason: finish === undefined ? "stop" : (REASONS[finish.reason] ?? finish.raw),
    })),
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: total },
  };
}

const REASONS: Readonly<Partial<Record<Finish["reason"], string>>> = {
  stop: "stop",
  length: "length",
  tool: "tool_calls",
  "content-filter": "content_filter",
};
