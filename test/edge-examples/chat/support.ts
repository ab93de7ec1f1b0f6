import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage } from "../../../edge-examples/chat/build.ts";
import type { Fault } from "../../../edge-examples/chat/faults.ts";
import { type Served, serve } from "../../../edge-examples/chat/serve.ts";
import type { Env } from "../../../edge-examples/chat/worker/env.ts";

/** The Worker with a page of its own, built into a directory that goes away with it. */
export async function startChat(
  bindings: Omit<Env, "ASSETS">,
  onLog: (line: string) => void = () => undefined,
): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), "sluice-chat-"));
  await buildPage(directory);
  const served = await serve({ port: 0, bindings, directory, onLog });
  return {
    url: served.url,
    async close() {
      await served.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface Asked {
  faults?: readonly Fault[];
  signal?: AbortSignal;
}

export function post(url: string, question: string, { signal, ...more }: Asked = {}): Promise<Response> {
  return fetch(`${url}/api/chat`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages: [{ role: "user", content: question }], ...more }),
    ...(signal === undefined ? {} : { signal }),
  });
}
