import type { Caller } from "./config.ts";
import { GatewayError } from "./failure.ts";

/**
 * Who calls. Tokens are compared as digests of one length, all of them, in a time that does not depend on where they differ.
 *
 * @returns the caller's name
 * @throws GatewayError 401 without a token, or with one that nobody has
 */
export async function callerOf(request: Request, callers: readonly Caller[]): Promise<string> {
  const [, token] = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (token === undefined) throw unauthorized("Say who you are: authorization: Bearer <token>", "missing_api_key");

  const given = await digestOf(token);
  let found: string | undefined;
  for (const caller of callers) if (isSame(given, await digestOf(caller.token))) found = caller.name;
  if (found === undefined) throw unauthorized("This token is nobody's here", "invalid_api_key");
  return found;
}

function unauthorized(message: string, code: string): GatewayError {
  return new GatewayError(message, { status: 401, code, headers: { "www-authenticate": "Bearer" } });
}

async function digestOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}
