import { readText } from "../../shared/worker/body.ts";
import { isRecord } from "../../shared/worker/json.ts";
import { type Fault, isFault } from "../faults.ts";
import { ChatError } from "./failure.ts";

const MAX_BODY_BYTES = 128 * 1024;
const MAX_MESSAGES = 200;
const ROLES = ["system", "user", "assistant"] as const;

export interface ChatMessage {
  role: (typeof ROLES)[number];
  content: string;
}

export interface ChatRequest {
  messages: ChatMessage[];
  /** How the embedded upstream should misbehave. */
  faults: Fault[];
}

/**
 * Reads the body of `POST /api/chat`.
 *
 * @throws ChatError that says what is wrong with the request
 */
export async function readChatRequest(request: Request): Promise<ChatRequest> {
  if (request.method !== "POST") {
    throw new ChatError("Use POST", { status: 405, code: "method_not_allowed", headers: { allow: "POST" } });
  }
  // A browser says where a request comes from; other people's pages must not spend the Worker's key.
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") {
    throw new ChatError("Only this page may ask", { status: 403, code: "cross_site" });
  }
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new ChatError("Send JSON, with the content type application/json", {
      status: 415,
      code: "unsupported_media_type",
    });
  }
  return checked(parsed(await bodyText(request)));
}

async function bodyText(request: Request): Promise<string> {
  const body = await readText(request, MAX_BODY_BYTES);
  if ("text" in body) return body.text;
  if (body.problem === "too-large") throw tooLarge();
  throw new ChatError("The body is not UTF-8", { status: 400, code: "invalid_utf8" });
}

function tooLarge(): ChatError {
  return new ChatError(`The body may have ${MAX_BODY_BYTES / 1024} KiB at most`, { status: 413, code: "too_large" });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChatError("The body is not JSON", { status: 400, code: "invalid_json", cause });
  }
}

function checked(body: unknown): ChatRequest {
  if (!isRecord(body)) throw invalid("The body must be a JSON object with `messages`");
  const { messages, faults = [] } = body;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > MAX_MESSAGES) {
    throw invalid(`\`messages\` must be an array of 1 to ${MAX_MESSAGES} messages`);
  }
  if (!Array.isArray(faults)) throw invalid("`faults` must be an array of names");
  return { messages: messages.map(message), faults: faults.map(fault) };
}

function message(value: unknown, index: number): ChatMessage {
  const role = isRecord(value) ? ROLES.find((known) => known === value["role"]) : undefined;
  if (!isRecord(value) || role === undefined || typeof value["content"] !== "string") {
    throw invalid(`\`messages[${index}]\` must have a role (${ROLES.join(", ")}) and a string as its content`);
  }
  return { role, content: value["content"] };
}

function fault(value: unknown): Fault {
  if (!isFault(value)) throw invalid(`\`faults\` has an unknown name: ${String(JSON.stringify(value)).slice(0, 40)}`);
  return value;
}

function invalid(message: string): ChatError {
  return new ChatError(message, { status: 400, code: "invalid_request" });
}
