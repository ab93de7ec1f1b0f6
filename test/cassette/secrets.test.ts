// No secret survives: whatever header, parameter or error it stands in, it is not in the cassette.
import fc from "fast-check";
import { memoryStore, type RecordOptions, record } from "sluice/cassette";
import { describe, expect, test } from "vitest";
import { countedStream } from "../support/sources.ts";

/** What the cassette of an answer to this request says, and of how it ended. */
async function written(options: RecordOptions, fails?: unknown): Promise<string> {
  const store = memoryStore();
  const { stream } = countedStream([new Uint8Array([97])], fails === undefined ? {} : { fails });
  await new Response(record(stream, store, options)).text().catch(() => undefined);
  return store.text;
}

const urlOf = async (url: string, keep = {}): Promise<unknown> =>
  (JSON.parse((await written({ request: { url }, keep })).split("\n")[0] ?? "") as { request: { url: string } }).request
    .url;

const letters = [..."abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"];
const digits = [..."23456789"];
/** Text as providers make keys of. */
const key = fc
  .tuple(
    fc.constantFrom("", "sk-", "sk-proj-", "AIza", "gsk_", "hf_"),
    fc.array(
      fc.tuple(fc.constantFrom(...letters), fc.constantFrom(...letters, ...digits), fc.constantFrom(...digits)),
      {
        minLength: 8,
        maxLength: 20,
      },
    ),
  )
  .map(([prefix, parts]) => prefix + parts.flat().join(""));
/** Anything at all that a user could have for a password. */
const password = fc.string({ minLength: 6, unit: "grapheme" }).filter((text) => text.trim().length >= 6);
const headerName = fc.stringMatching(/^[a-zA-Z][a-zA-Z-]{0,20}$/);
const known =
  /^(accept|accept-encoding|age|cache-control|cf-ray|date|server|user-agent|vary|via|(x-)?request-id)$|^content-|^(openai|anthropic)-/i;

/** The secret itself is nowhere, nor as URLs and JSON write it. */
function expectGone(text: string, secret: string): void {
  const rest = text.replaceAll("REDACTED", "");
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
    expect(rest.includes(form), `${form} in ${text}`).toBe(false);
  }
}

test("of headers, only those that are known to hold none", async () => {
  await fc.assert(
    fc.asyncProperty(headerName, key, async (name, secret) => {
      fc.pre(!known.test(name));
      expectGone(
        await written({ request: { headers: { [name]: secret } }, response: { headers: { [name]: secret } } }),
        secret,
      );
    }),
  );
});

test("of URLs, neither user nor password, fragment, values of the query, nor parts of the path that look like keys", async () => {
  const place = fc.constantFrom<(secret: string, name: string) => string>(
    (secret) => `https://${secret}@api.example.com/v1`,
    (secret) => `https://user:${secret}@api.example.com/v1`,
    (secret) => `https://api.example.com/v1#${secret}`,
    (secret, name) => `https://api.example.com/v1?${name}x=${secret}`,
    (secret, name) => `https://api.example.com/v1?alt=sse&${name}x=${secret}&b=c`,
    (secret) => `https://api.example.com/v1?${secret}`,
    (secret) => `https://api.example.com/v1?${secret}=`,
    (secret, name) => `/api/chat?${name}x=${secret}`,
    (secret) => `https://api.example.com/hooks/${secret}/send`,
    (secret) => `wss://api.example.com/${secret}`,
    (secret) => `data:text/plain,${secret}`,
    (secret) => `https://[${secret}`,
  );
  await fc.assert(
    fc.asyncProperty(place, key, headerName, async (make, secret, name) => {
      expectGone(await written({ request: { url: make(secret, name) } }), secret);
    }),
    { numRuns: 500 },
  );
});

test("of a query, whatever the secret looks like", async () => {
  await fc.assert(
    fc.asyncProperty(password, headerName, async (secret, name) => {
      const url = new URL("https://api.example.com");
      url.searchParams.set(`${name}x`, secret);
      url.username = "u";
      url.password = secret;
      fc.pre(!"https://api.example.com/?user-agentx=".includes(secret) && !`${name}x`.includes(secret));
      expectGone(await written({ request: { url: url.href } }), secret);
    }),
  );
});

test("of errors and reasons, neither URLs' secrets nor what looks like a key", async () => {
  const place = fc.constantFrom<(secret: string) => string>(
    (secret) => `Failed to fetch https://api.example.com/v1?key=${secret}`,
    (secret) => `connect to https://u:${secret}@api.example.com failed`,
    (secret) => `Incorrect API key provided: ${secret}.`,
    (secret) => `bad header "authorization: Bearer ${secret}"`,
  );
  await fc.assert(
    fc.asyncProperty(place, key, async (make, secret) => {
      expectGone(await written({}, new Error(make(secret))), secret);
      expectGone(await written({}, new Error("fetch failed", { cause: new Error(make(secret)) })), secret);
      expectGone(await written({}, make(secret)), secret);
    }),
  );
});

test("what stands behind Bearer or Basic is one, whatever it looks like", async () => {
  for (const scheme of ["Bearer", "basic"]) {
    const text = await written({}, new Error(`bad value "${scheme} hunter" of authorization`));
    expect(text).toContain(`${scheme} REDACTED of authorization`);
  }
});

describe("what holds none stays readable", () => {
  test.for([
    ["https://api.together.xyz/v1/chat/completions", "https://api.together.xyz/v1/chat/completions"],
    [
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-preview-05-20:streamGenerateContent?alt=sse&key=AIzaSyD",
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-preview-05-20:streamGenerateContent?alt=sse&key=REDACTED",
    ],
    [
      "https://mine.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
      "https://mine.openai.azure.com/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21",
    ],
    [
      "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke-with-response-stream",
      "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-3-5-sonnet-20241022-v2%3A0/invoke-with-response-stream",
    ],
    ["http://127.0.0.1:8080/api/chat", "http://127.0.0.1:8080/api/chat"],
    ["/api/chat?stream=true&q=rome", "/api/chat?stream=true&q=REDACTED"],
  ])("%s", async ([url = "", expected]) => {
    expect(await urlOf(url)).toBe(expected);
  });

  test("and so does what the user says is none", async () => {
    const keep = { query: ["q"], headers: ["X-Tenant"] };
    expect(await urlOf("/api/chat?q=rome&p=1", keep)).toBe("/api/chat?q=rome&p=REDACTED");
    expect(await written({ request: { headers: { "x-tenant": "t1" } }, keep })).toContain('"x-tenant":"t1"');
  });

  test("an error's words stay", async () => {
    const text = await written({}, new TypeError("terminated", { cause: new Error("read ECONNRESET") }));
    expect(text).toContain('"name":"TypeError","message":"terminated: read ECONNRESET"');
  });
});
