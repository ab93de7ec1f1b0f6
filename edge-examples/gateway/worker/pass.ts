import { decode, fuse } from "sluice";
import { type Delta, type ErrorDelta, observeIn, openaiChat } from "sluice/chat";
import { selectJSON } from "sluice/json";
import { isRecord } from "../../shared/worker/json.ts";
import type { Config } from "./config.ts";
import type { Exchange } from "./exchange.ts";
import { cutOff, unreadable } from "./failure.ts";
import type { Usage } from "./record.ts";
import { relay } from "./relay.ts";

interface Passing {
  config: Config;
  exchange: Exchange;
}

const observe = observeIn(openaiChat);

/** A stream of OpenAI's, byte for byte; what it says of itself is read along. */
export function passStream(
  body: ReadableStream<Uint8Array>,
  { config, exchange }: Passing,
): ReadableStream<Uint8Array> {
  const { record } = exchange;
  let isStream = false; // something in it is of an answer, or of an upstream that says itself that it failed
  const onDelta = (delta: Delta): void => {
    record.see(delta);
    if (delta.type === "error") isStream ||= isSaid(delta);
    else if (delta.type !== "unknown" && delta.type !== "end") isStream = true;
  };
  return relay(body.pipeThrough(observe({ onDelta, contentType: "text/event-stream" })), {
    config,
    exchange,
    isEvents: true,
    onChunk: (chunk) => record.count(chunk.length),
    problem(cause) {
      if (record.outcome === "complete") return undefined; // what breaks behind the proof takes nothing away
      if (cause !== undefined || record.outcome === "truncated") return cutOff();
      return isStream ? undefined : unreadable();
    },
  });
}

/** Whether an error is the provider's own: what cannot be read has an Error as its cause, if any. */
function isSaid({ cause }: ErrorDelta): boolean {
  return cause !== undefined && !(cause instanceof Error);
}

/** An answer in one piece, byte for byte; nothing of it is kept but its usage and its finish reason. */
export function passWhole(body: ReadableStream<Uint8Array>, { config, exchange }: Passing): ReadableStream<Uint8Array> {
  const { record } = exchange;
  let isReadable = true;
  const heart = fuse(decode(), selectJSON([USAGE, FINISH])).connect({
    push({ path, value }) {
      if (path === USAGE) record.note({ usage: usageIn(value) });
      else record.note({ finish: FINISHES.get(value) ?? "other" });
    },
    end: () => record.decide("complete"),
  });
  const look = (work: () => void): void => {
    try {
      if (isReadable) work();
    } catch {
      isReadable = false;
    }
  };
  return relay(body, {
    config,
    exchange,
    isEvents: false,
    onChunk(chunk) {
      record.count(chunk.length);
      look(() => heart.push(chunk));
    },
    problem() {
      look(() => heart.end());
      if (record.outcome === "complete") return undefined;
      record.decide("truncated");
      return cutOff();
    },
  });
}

const USAGE = "$.usage";
const FINISH = "$.choices[0].finish_reason";

const FINISHES: ReadonlyMap<unknown, string> = new Map([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool"],
  ["function_call", "tool"],
  ["content_filter", "content-filter"],
]);

function usageIn(value: unknown): Usage {
  const usage = isRecord(value) ? value : {};
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = usage;
  const counts = {
    input: usage["prompt_tokens"],
    output: usage["completion_tokens"],
    reasoning: isRecord(completion) ? completion["reasoning_tokens"] : undefined,
    cached: isRecord(prompt) ? prompt["cached_tokens"] : undefined,
    total: usage["total_tokens"],
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === "number"));
}
