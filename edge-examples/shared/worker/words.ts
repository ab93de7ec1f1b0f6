import { isRecord } from "./json.ts";

/** How much of a failed upstream's body is read for its message. */
const MAX_BYTES = 4096;

/** The beginning of a body that is no answer, and the end of its connection. It never throws. */
export async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let length = 0; length < MAX_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch {
    // The connection broke while it failed: what was said so far will do.
  }
  return text;
}

/** What an error body says, in the shape of OpenAI and most others. */
export interface Words {
  message: string;
  type?: string;
  code?: string;
  param?: string;
}

/** The words in an error body; HTML says nothing that anybody should be shown. */
export function wordsIn(text: string): Words | undefined {
  try {
    const body: { error?: unknown; message?: unknown } | null = JSON.parse(text);
    const error = isRecord(body?.error) ? body.error : { message: body?.error ?? body?.message };
    if (typeof error["message"] !== "string") return undefined;
    const words: Words = { message: error["message"] };
    for (const name of ["type", "code", "param"] as const) {
      const value = error[name];
      if (typeof value === "string") words[name] = value;
    }
    return words;
  } catch {
    return undefined;
  }
}

/** A provider's words without its key, which some quote. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined ? text : text.replaceAll(key, "[key]");
}
