import { decode, flow, SluiceError, tap } from "sluice";

/** Why a body has no text. */
export type BodyProblem = "too-large" | "not-utf8";

/**
 * The text of a request's body. It reads no further than the limit, whatever the request says about its length.
 *
 * @param maxBytes how many bytes it may have
 */
export async function readText(
  request: Request,
  maxBytes: number,
): Promise<{ text: string } | { problem: BodyProblem }> {
  if (Number(request.headers.get("content-length")) > maxBytes) return { problem: "too-large" };
  if (request.body === null) return { text: "" };

  let length = 0;
  const count = tap((chunk: Uint8Array) => {
    length += chunk.length;
    if (length > maxBytes) throw new TooLarge();
  });
  let text = "";
  try {
    for await (const part of flow(request.body, count, decode({ fatal: true }))) text += part;
  } catch (error) {
    if (error instanceof TooLarge) return { problem: "too-large" };
    if (error instanceof SluiceError) return { problem: "not-utf8" };
    throw error;
  }
  return { text };
}

class TooLarge extends Error {}
