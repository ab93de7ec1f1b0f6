import { randomBytes } from "node:crypto";
import { FAULTS, FAULTS_HEADER } from "../chat/faults.ts";
import { startUpstream } from "../chat/upstream/server.ts";
import { freePort, stopOnSignal } from "../shared/start.ts";
import { serveGateway } from "./serve.ts";
import type { Model, Upstream } from "./worker/env.ts";

/**
 * `npm run gateway`: the gateway in workerd, in front of the embedded upstream. Beside the model `demo` there is one for each
 * way in which that can misbehave, such as `demo-cut`. With a real provider: `npx wrangler dev`, see docs/gateway.md.
 */

const port = await freePort(process.env["PORT"], { usual: 8788, command: "npm run gateway" });
const upstream = await startUpstream();
const url = upstream.url.replace(/\/chat\/completions$/, "");
const token = randomBytes(24).toString("base64url");

const upstreams: Record<string, Upstream> = { demo: { url } };
const models: Record<string, Model> = { demo: { upstream: "demo", model: "sluice-demo" } };
for (const fault of FAULTS) {
  upstreams[fault] = { url, headers: { [FAULTS_HEADER]: fault } };
  models[`demo-${fault}`] = { upstream: fault, model: "sluice-demo" };
}
const served = await serveGateway({
  port,
  bindings: { UPSTREAMS: upstreams, MODELS: models, CALLERS: `me:${token}`, HEARTBEAT_SECONDS: 5, IDLE_SECONDS: 30 },
  onLog: (line) => console.log(line),
});

stopOnSignal(() => Promise.allSettled([served.close(), upstream.close()]));
console.log(`
  sluice gateway   ${served.url}/v1
  token            ${token}
  upstream         embedded demo without a model; demo-cut, demo-stall, … misbehave

  curl -N ${served.url}/v1/chat/completions -H "authorization: Bearer ${token}" \\
    -d '{"model":"demo","stream":true,"messages":[{"role":"user","content":"What is sluice?"}]}'

  Each request's line in the log comes below. Ctrl-C ends it.
`);
