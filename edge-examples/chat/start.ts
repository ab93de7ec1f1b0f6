import { exit, freePort, stopOnSignal } from "../shared/start.ts";
import { buildPage } from "./build.ts";
import { serve } from "./serve.ts";
import { startUpstream } from "./upstream/server.ts";
import type { Env } from "./worker/env.ts";

/** `npm start`: the page, the Worker in workerd, and unless the environment names a provider the embedded upstream. */

/** Milliseconds after which a stall of the embedded upstream is called one: nobody wants to wait for it as long as for a model. */
const DEMO_PATIENCE = 6000;

const port = await freePort(process.env["PORT"], { usual: 8787, command: "npm start" });

await buildPage();
const { bindings, description, close: closeUpstream } = await upstreamFrom(process.env);
const served = await serve({ port, bindings });

stopOnSignal(() => Promise.allSettled([served.close(), closeUpstream()]));
console.log(`
  sluice chat   ${served.url}
  upstream      ${description}

  Ctrl-C ends it.
`);

interface ChosenUpstream {
  bindings: Omit<Env, "ASSETS">;
  description: string;
  close: () => Promise<void>;
}

async function upstreamFrom(env: NodeJS.ProcessEnv): Promise<ChosenUpstream> {
  const { UPSTREAM_URL, UPSTREAM_API_KEY, TOGETHER_API_KEY, MODEL } = env;
  const model = MODEL ? { MODEL } : {};
  const close = async (): Promise<void> => undefined;

  if (UPSTREAM_URL) {
    if (!URL.canParse(UPSTREAM_URL)) exit(`UPSTREAM_URL is not a URL: ${UPSTREAM_URL}`);
    const { host } = new URL(UPSTREAM_URL);
    const key = UPSTREAM_API_KEY ? { UPSTREAM_API_KEY } : TOGETHER_API_KEY ? { TOGETHER_API_KEY } : {};
    return {
      bindings: { UPSTREAM_URL, ...key, ...model },
      description: `${host}, model ${MODEL || "default (MODEL names another)"}`,
      close,
    };
  }
  if (TOGETHER_API_KEY) {
    return {
      bindings: { TOGETHER_API_KEY, ...model },
      description: `Together, ${MODEL || "with the default model (MODEL names another)"}`,
      close,
    };
  }
  const upstream = await startUpstream();
  return {
    bindings: { UPSTREAM_URL: upstream.url, DEMO: "1", IDLE_DEADLINE: String(DEMO_PATIENCE) },
    description: "embedded demo without a model (set TOGETHER_API_KEY, or UPSTREAM_URL, for a real one)",
    close: upstream.close,
  };
}
