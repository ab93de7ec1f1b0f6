import { readText } from "../../shared/worker/body.ts";
import { isRecord } from "../../shared/worker/json.ts";
import type { Upstream } from "./env.ts";
import { GatewayError } from "./failure.ts";

/** A chat completions request: what the gateway looks at, and whatever else the caller says. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  readonly stream?: boolean | null;
  readonly [parameter: string]: unknown;
}

/**
 * Reads and checks the body of `POST /v1/chat/completions`, as far as every provider would.
 *
 * @throws GatewayError 413 or 400
 */
export async function readCompletionRequest(request: Request, maxBytes: number): Promise<CompletionRequest> {
  const body = await readText(request, maxBytes);
  if ("text" in body) return checked(parsed(body.text));
  if (body.problem === "not-utf8") throw invalid("The body is not UTF-8");
  throw new GatewayError(`The body may have ${maxBytes} bytes at most`, { status: 413, code: "request_too_large" });
}

/** Whether a stream is to end in a count of tokens: because the caller says so, or because the upstream's configuration does. */
export function wantsUsage({ stream_options: options }: CompletionRequest, { usage = false }: Upstream): boolean {
  return isRecord(options) && options["include_usage"] !== undefined ? options["include_usage"] === true : usage;
}

/** 400, for what is wrong with a parameter. */
export function invalid(message: string, param?: string, cause?: unknown): GatewayError {
  return new GatewayError(message, { status: 400, code: "invalid_request", param, cause });
}

/** Integers that a number cannot hold, such as a seed of 64 bits, are kept as they were written. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown, context?: { source?: string }) => {
      const isRounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
      return isRounded && context?.source !== undefined ? rawJSON(context.source) : value;
    });
  } catch (cause) {
    throw new GatewayError("The body is not JSON", { status: 400, code: "invalid_json", cause });
  }
}

function checked(body: unknown): CompletionRequest {
  if (!isRecord(body)) throw invalid("The body must be a JSON object");
  const { model, messages, stream } = body;
  if (typeof model !== "string" || model === "") throw invalid("`model` must be the name of a model", "model");
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isRecord)) {
    throw invalid("`messages` must be an array with a message or more", "messages");
  }
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") {
    throw invalid("`stream` must be true or false", "stream");
  }
  return { ...body, model, messages, ...(stream === undefined ? {} : { stream }) };
}

/** ECMAScript 2026's, which TypeScript doesn't know yet. */
const { rawJSON } = JSON as typeof JSON & { rawJSON: (text: string) => unknown };
