import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { FAULTS, FAULTS_HEADER } from "../../../edge-examples/chat/faults.ts";
import { startUpstream, type Upstream, type UpstreamOptions } from "../../../edge-examples/chat/upstream/server.ts";
import { serveGateway } from "../../../edge-examples/gateway/serve.ts";
import type { Env, Model, Upstream as UpstreamConfig } from "../../../edge-examples/gateway/worker/env.ts";
import { until } from "../../support/http.ts";

export const TOKEN = "sk-caller-0123456789abcdef";
export const OTHER_TOKEN = "sk-other-fedcba9876543210";
export const KEY = "sk-upstream-secret-77aa31";
/** In every prompt of these tests: no log may have it. */
export const PROMPT = "Repeat: Grüße 👩‍🔬 aus 水, one two three four five six seven eight nine ten";

export interface Line {
  outcome: string;
  error?: string;
  usage?: Record<string, number>;
  [field: string]: unknown;
}

export interface Gateway {
  url: string;
  /** What has been logged, as text. */
  log: string[];
  /** The lines of requests, as far as they have come. */
  lines: () => Line[];
  /** The line of the request with this id. */
  lineOf: (response: { headers: Headers }) => Promise<Line>;
  close: () => Promise<void>;
}

/** The gateway, in front of upstreams each with a model of the same name. */
export async function startGateway(
  upstreams: Readonly<Record<string, UpstreamConfig>>,
  more: Partial<Env> & { models?: Record<string, Model> } = {},
): Promise<Gateway> {
  const { models = {}, ...env } = more;
  const log: string[] = [];
  const { url, close } = await serveGateway({
    port: 0,
    bindings: {
      UPSTREAMS: upstreams,
      MODELS: { ...Object.fromEntries(Object.keys(upstreams).map((name) => [name, { upstream: name }])), ...models },
      CALLERS: `alice:${TOKEN}\n bob:${OTHER_TOKEN}`,
      UPSTREAM_KEY: KEY,
      HEARTBEAT_SECONDS: 0,
      ...env,
    },
    onLog: (line) => log.push(line),
  });
  const lines = (): Line[] =>
    log.filter((line) => line.startsWith('{"event":"request"')).map((line) => JSON.parse(line));
  return {
    url: `${url}/v1`,
    log,
    lines,
    async lineOf({ headers }) {
      const of = (): Line[] => lines().filter(({ id }) => id === headers.get("x-request-id"));
      await until(() => of().length > 0);
      const [line, another] = of();
      if (line === undefined || another !== undefined) throw new Error("A request has one line in the log");
      return line;
    },
    async close() {
      await close();
      for (const secret of [KEY, TOKEN, OTHER_TOKEN, PROMPT, "Grüße", "水"]) {
        if (log.join("\n").includes(secret)) throw new Error(`The log holds ${secret}`);
      }
    },
  };
}

export interface Recorder extends Upstream {
  /** The body of each answer, as far as it was sent. */
  bodies: Buffer[];
  /** Each request's headers and body, as they came. */
  requests: { headers: NodeJS.Dict<string | string[]>; body: string }[];
}

/** The embedded upstream, behind a wire that notes every byte. */
export async function startRecorded(options: UpstreamOptions): Promise<Recorder> {
  const upstream = await startUpstream(options);
  const bodies: Buffer[] = [];
  const requests: Recorder["requests"] = [];
  const server = createServer((request, response) => {
    const at = bodies.push(Buffer.alloc(0)) - 1;
    const target = httpRequest(upstream.url, { method: "POST", headers: request.headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.on("data", (chunk: Buffer) => {
        bodies[at] = Buffer.concat([bodies[at] ?? Buffer.alloc(0), chunk]);
        response.write(chunk);
      });
      answer.on("end", () => response.end());
      answer.on("error", () => response.destroy());
    });
    target.on("error", () => response.destroy());
    response.on("close", () => target.destroy());
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      requests.push({ headers: request.headers, body });
      target.end(body);
    });
  });
  server.on("connection", (socket) => socket.setNoDelay(true));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    sent: upstream.sent,
    bodies,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await upstream.close();
    },
  };
}

/** An upstream for each fault, and `good` without one, all of them the same server. */
export function everyFault({ url }: { url: string }): Record<string, UpstreamConfig> {
  const faulty = FAULTS.map((fault) => [fault, { url, key: "UPSTREAM_KEY", headers: { [FAULTS_HEADER]: fault } }]);
  return { good: { url, key: "UPSTREAM_KEY" }, ...Object.fromEntries(faulty) };
}

export interface Asked {
  stream?: boolean;
  signal?: AbortSignal;
  token?: string;
  [parameter: string]: unknown;
}

/** Asks the gateway, as a client that knows nothing of SDKs. */
export function ask(
  gateway: { url: string },
  model: string,
  { signal, token = TOKEN, ...more }: Asked = {},
): Promise<Response> {
  return fetch(`${gateway.url}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream: true, messages: [{ role: "user", content: PROMPT }], ...more }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The error of a body in OpenAI's form. */
export function errorIn(text: string): { message: string; type: string; code: string; param: string | null } {
  return JSON.parse(text).error;
}
